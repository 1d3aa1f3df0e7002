import { isUnshiftError, type JsonObject, UnshiftError } from "@unshift/contracts";
import { nearest, type PluginRegistry, type Registered } from "@unshift/core";
import YAML from "yaml";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { usageError } from "../output/failure.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { type PromptTokens, promptTokens } from "./prompt-tokens.js";

export async function explainAction(args: {
  readonly id: string;
  readonly experiment?: string | undefined;
  readonly model?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly json: boolean;
}): Promise<void> {
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
  const all = registry.list();
  const found = all.filter(({ id }) => id === args.id);
  if (found.length === 0) {
    const ids = [...new Set(all.map(({ id }) => id))];
    const near = nearest(args.id, ids);
    throw new UnshiftError(
      "PLUGIN_UNKNOWN_ID",
      `nothing is called ${JSON.stringify(args.id)}. There are: ${ids.join(", ")}`,
      {
        hint: near === null ? undefined : `Did you mean "${near}"?`,
      },
    );
  }
  const strategy = found.some(({ kind }) => kind === "strategies");
  const asking = args.model !== undefined || (args.set ?? []).length > 0;
  if (asking && !strategy) {
    throw usageError(`--model and --set ask for the prompt of a strategy, and "${args.id}" is none`);
  }
  const explained: Explained[] = [];
  for (const registered of found) {
    const schema = registry.optionsJsonSchema(registered);
    const prompt = registered.kind === "strategies" ? await promptOf(registry, registered, args, asking) : null;
    explained.push({ registered, schema, prompt });
  }
  if (args.json) {
    printJson(
      explained.map(({ registered: { kind, id, owner, contribution }, schema, prompt }) => ({
        kind,
        id,
        summary: contribution.summary,
        owner: owner.name,
        version: owner.version,
        options: schema,
        example: contribution.example ?? null,
        prompt,
      })),
    );
    return;
  }
  for (const { registered, schema, prompt } of explained) {
    explain(registered, schema);
    if (prompt !== null) printPrompt(prompt);
  }
}

/** Tokens of a strategy's prompt, or why they cannot be told. */
type ExplainedPrompt =
  | { readonly model: string; readonly variants: readonly PromptTokens[] }
  | { readonly unknown: string };

interface Explained {
  readonly registered: Registered;
  readonly schema: JsonObject | null;
  readonly prompt: ExplainedPrompt | null;
}

/** Whoever asks for the prompt is told what went wrong; to an explanation it is one line. */
async function promptOf(
  registry: PluginRegistry,
  registered: Registered,
  args: { readonly model?: string | undefined; readonly set?: readonly string[] | undefined },
  asking: boolean,
): Promise<ExplainedPrompt> {
  // The aligned one of the embedded pair has a chat template; both share a vocabulary.
  const { model = "builtin:tiny-aligned", set = [] } = args;
  try {
    return { model, variants: await promptTokens(registry, registered, { model, set, signal: interruptSignal() }) };
  } catch (error) {
    // That a prompt hangs on what only a run builds is no fault of whoever asked.
    const mistaken = asking && isUnshiftError(error) && error.code !== "EMBEDDING_UNSUPPORTED";
    if (mistaken || !isUnshiftError(error) || error.code === "ABORTED") throw error;
    return { unknown: error.message };
  }
}

function printPrompt(prompt: ExplainedPrompt): void {
  print();
  if ("unknown" in prompt) {
    print(`The tokens of its prompt are not told, because ${prompt.unknown.replace(/\.$/, "")}.`);
    return;
  }
  print(`Its prompt for an empty question, in tokens of ${prompt.model}:`);
  const rows = prompt.variants.map(({ options, tokens, sharedTokens }) => {
    const named = Object.entries(options).map(
      ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    return [named.length === 0 ? "defaults" : named.join(", "), tokens, sharedTokens];
  });
  print(textTable(["options", "tokens", "shared by all samples"], rows).replace(/^/gm, "  "));
}

function explain({ kind, id, owner, contribution }: Registered, schema: JsonObject | null): void {
  print(`${id} (${kind}, ${owner.name} ${owner.version})`);
  print(contribution.summary);
  print();
  if (contribution.options === undefined) {
    print("It takes no options.");
  } else if (schema === null) {
    print("Its options are checked by a schema that cannot be shown.");
  } else {
    printOptions(schema);
  }
  if (contribution.example !== undefined) {
    print();
    print("Example:");
    print(
      YAML.stringify({ use: id, ...(contribution.example as object) })
        .replace(/^/gm, "  ")
        .trimEnd(),
    );
  }
}

function printOptions(schema: JsonObject): void {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  print("Options:");
  for (const [name, property] of Object.entries(properties)) {
    const facts = [
      kindOf(property),
      required.has(name) ? "required" : "",
      property.default === undefined ? "" : `default ${JSON.stringify(property.default)}`,
    ].filter((fact) => fact !== "");
    print(`  ${name}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`);
    if (typeof property.description === "string") {
      print(`      ${property.description}`);
    }
  }
}

/** What an option takes, in one line: its type, its allowed values, the alternatives of an `anyOf`. */
function kindOf(property: JsonObject): string {
  const alternatives = property.anyOf ?? property.oneOf;
  if (Array.isArray(alternatives)) {
    return alternatives.map((alternative) => kindOf(alternative as JsonObject)).join(" | ");
  }
  if (Array.isArray(property.enum)) {
    return property.enum.map(String).join(" | ");
  }
  if (property.const !== undefined) {
    return JSON.stringify(property.const);
  }
  if (property.type === "object" && property.properties !== undefined) {
    return `map of ${Object.keys(property.properties as object).join(", ")}`;
  }
  const type = Array.isArray(property.type) ? property.type.join(" | ") : property.type;
  return typeof type === "string" ? type : "";
}
