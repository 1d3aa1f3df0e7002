import { type JsonObject, UnshiftError } from "@unshift/contracts";
import { nearest, type Registered } from "@unshift/core";
import YAML from "yaml";
import { print, printJson } from "../output/print.js";
import { pluginRegistry, readExperiment } from "../run-services.js";

export async function explainAction(args: {
  readonly id: string;
  readonly experiment?: string | undefined;
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
  const explained = found.map((registered) => ({ registered, schema: registry.optionsJsonSchema(registered) }));
  if (args.json) {
    printJson(
      explained.map(({ registered: { kind, id, owner, contribution }, schema }) => ({
        kind,
        id,
        summary: contribution.summary,
        owner: owner.name,
        version: owner.version,
        options: schema,
        example: contribution.example ?? null,
      })),
    );
    return;
  }
  for (const { registered, schema } of explained) {
    explain(registered, schema);
  }
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
    return property.enum.join(" | ");
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
