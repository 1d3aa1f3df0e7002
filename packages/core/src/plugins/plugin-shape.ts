import { contractVersion, type Plugin, pluginKinds, UnshiftError, type Where } from "@unshift/contracts";
import { describe, didYouMean, dotted, listed } from "../config/wording.js";
import { satisfies } from "./contract-range.js";

interface Source {
  /** As the experiment names it, or the package of a built-in plugin. */
  readonly name: string;
  readonly where?: Where | undefined;
}

const pluginKeys = ["name", "contract", ...pluginKinds] as const;
const contributionKeys = ["summary", "options", "example", "create"] as const;
const idPart = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const ownScope = "@unshift/";

/**
 * A module's default export as a plugin, judged by its shape alone: its classes may come from copies of our libraries.
 * Throws PLUGIN_INVALID, PLUGIN_CONTRACT_VERSION.
 */
export function pluginOf(module: unknown, source: Source): Plugin {
  const refuse = (message: string, hint?: string): never => {
    throw new UnshiftError("PLUGIN_INVALID", `plugin "${source.name}": ${message}`, {
      where: source.where,
      hint: hint ?? "A plugin is `export default definePlugin({ name, contract, strategies: { … } })`.",
    });
  };
  const value = defaultExport(module);
  if (value === undefined) {
    const exported = isRecord(module) ? Object.keys(module) : [];
    return refuse(
      `it has no default export. It exports: ${listed(exported)}. Wanted: \`export default definePlugin({ … })\`.`,
    );
  }
  if (!isRecord(value))
    return refuse(`its default export is ${describeShape(value)}. Wanted: the map that definePlugin takes.`);

  const { name, contract } = value;
  if (typeof name !== "string" || name === "")
    refuse(`\`name\` is ${describeShape(name)}. Wanted: the npm name of the package.`);
  if (typeof contract !== "string")
    refuse(`\`contract\` is ${describeShape(contract)}. Wanted: a range of contract versions, such as "^1".`);
  else checkContract(contract, source);
  for (const key of Object.keys(value)) {
    if (!pluginKeys.some((known) => known === key)) {
      refuse(`unknown key "${key}". Allowed: ${listed(pluginKeys)}.${didYouMean(key, pluginKeys)}`);
    }
  }
  for (const kind of pluginKinds) {
    const contributions = value[kind];
    if (contributions === undefined) continue;
    if (!isRecord(contributions)) {
      refuse(`\`${kind}\` is ${describeShape(contributions)}. Wanted: a map from id to contribution.`);
      continue;
    }
    for (const [id, contribution] of Object.entries(contributions)) {
      const fault = faultOfId(id, String(name)) ?? faultOfContribution(contribution);
      if (fault !== null) refuse(`${dotted([kind, id])} ${fault}`);
    }
  }
  // Every key was looked at above.
  return value as unknown as Plugin;
}

function checkContract(range: string, source: Source): void {
  const fits = satisfies(contractVersion, range);
  if (fits === true) return;
  const problem =
    fits === null ? `"${range}" is not a range of versions (try "^1")` : `it was written for contract ${range}`;
  throw new UnshiftError(
    "PLUGIN_CONTRACT_VERSION",
    `plugin "${source.name}": ${problem}; this Unshift speaks contract ${contractVersion}.`,
    {
      where: source.where,
      hint: "Install the version of the plugin that goes with this Unshift, or the Unshift that goes with the plugin.",
    },
  );
}

function faultOfId(id: string, plugin: string): string | null {
  const parts = id.split("/");
  if (parts.length > 2 || !parts.every((part) => idPart.test(part))) {
    return "cannot be an id. Wanted: letters, digits, `.`, `_` or `-`, with one namespace in front: acme/urial.";
  }
  if (parts.length === 1 && !plugin.startsWith(ownScope)) {
    return `lacks a namespace, which keeps ids of different plugins apart. Wanted: NAMESPACE/${id}, such as "${namespaceOf(plugin)}/${id}".`;
  }
  return null;
}

/** `@acme/unshift-plugin` → `acme`; `unshift-plugin-acme` → `acme`. */
function namespaceOf(plugin: string): string {
  const scope = /^@([^/]+)\//.exec(plugin)?.[1];
  const words = plugin.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && !["unshift", "plugin"].includes(word));
  return scope ?? words[0] ?? "acme";
}

function faultOfContribution(contribution: unknown): string | null {
  if (!isRecord(contribution))
    return `is ${describeShape(contribution)}. Wanted: { summary, options?, example?, create }.`;
  const unknown = Object.keys(contribution).find((key) => !contributionKeys.some((known) => known === key));
  if (unknown !== undefined)
    return `has the unknown key "${unknown}". Allowed: ${listed(contributionKeys)}.${didYouMean(unknown, contributionKeys)}`;
  const { summary, create, options } = contribution;
  if (typeof summary !== "string" || summary === "")
    return `has ${describeShape(summary)} as \`summary\`. Wanted: one sentence.`;
  if (typeof create !== "function")
    return `has ${describeShape(create)} as \`create\`. Wanted: a function (options, context) that gives the thing.`;
  return options === undefined ? null : faultOfOptions(options);
}

function faultOfOptions(options: unknown): string | null {
  const wanted = 'Wanted: a Standard Schema (zod, valibot, arktype) or a JSON Schema { type: "object", properties }.';
  // arktype's schemas are functions.
  if ((typeof options !== "object" && typeof options !== "function") || options === null)
    return `has ${describeShape(options)} as \`options\`. ${wanted}`;
  if ("~standard" in options) {
    const standard = options["~standard"];
    if (isRecord(standard) && standard.version === 1 && typeof standard.validate === "function") return null;
    return "has an `options` whose `~standard` is not version 1 of Standard Schema.";
  }
  if ("type" in options && options.type === "object" && "properties" in options && isRecord(options.properties))
    return null;
  return `has an \`options\` that is no schema. ${wanted}`;
}

/** The default export; that of a CommonJS build is found one level down. */
function defaultExport(module: unknown): unknown {
  if (!isRecord(module)) return undefined;
  const value = module.default;
  return isRecord(value) && "__esModule" in value && "default" in value ? value.default : value;
}

function describeShape(value: unknown): string {
  return typeof value === "function" ? "a function" : describe(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
