import type { Json, JsonObject } from "@unshift/contracts";
import type { ConfigPath } from "./experiment.js";
import { shortMarker, useMarker } from "./experiment-schema.js";
import { idPattern } from "./id-pattern.js";
import { listedValues } from "./wording.js";

/** The part of a JSON Schema that speaks of a path, or undefined where it says nothing. */
export function schemaAt(schema: JsonObject, path: ConfigPath): JsonObject | undefined {
  return find(schema, path, schema);
}

function find(schema: JsonObject, path: ConfigPath, root: JsonObject): JsonObject | undefined {
  const here = followed(schema, root);
  const [key, ...rest] = path;
  if (key === undefined) return here;
  const next = typeof key === "number" ? here.items : (mapOf(here.properties)?.[key] ?? here.additionalProperties);
  const below = mapOf(next);
  if (below !== undefined) return find(below, rest, root);
  for (const branch of branchesOf(here)) {
    const found = find(branch, path, root);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Keys that a JSON Schema of a map names, those of its alternatives included. */
export function keysOf(schema: JsonObject | undefined): string[] {
  if (schema === undefined) return [];
  return [...new Set([...Object.keys(mapOf(schema.properties) ?? {}), ...branchesOf(schema).flatMap(keysOf)])];
}

/** What a JSON Schema allows, for people: `an integer from 1 to 256`, `one of strict, fast`; null where it does not say. */
export function expectation(schema: JsonObject): string | null {
  const kind = schema[useMarker];
  if (typeof kind === "string") return "an id, or a map with `use`";
  const short = schema[shortMarker];
  const alone = typeof short === "string" ? mapOf(mapOf(schema.properties)?.[short]) : undefined;
  if (alone !== undefined) return `${expectation(alone)}, or a map`;
  if (Array.isArray(schema.enum)) return `one of ${listedValues(schema.enum)}`;
  if (schema.const !== undefined) return listedValues([schema.const]);
  const branches = branchesOf(schema)
    .map(expectation)
    .filter((text) => text !== null);
  if (branches.length > 0) return [...new Set(branches)].join(" or ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => ofType({ ...schema, type })).join(" or ");
  return ofType(schema);
}

function ofType(schema: JsonObject): string | null {
  switch (schema.type) {
    case "integer":
      return `an integer${range(schema)}`;
    case "number":
      return `a number${range(schema)}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "object":
      return "a map";
    case "array": {
      const item = mapOf(schema.items);
      const of = item === undefined ? null : plural[String(item.type)];
      return `${Number(schema.minItems ?? 0) > 0 ? "a non-empty list" : "a list"}${of == null ? "" : ` of ${of}`}`;
    }
    case "string":
      if (schema.pattern === idPattern.source) return "letters, digits, `.`, `_` or `-`, a letter or digit first";
      if (typeof schema.pattern === "string") return `a string that matches ${schema.pattern}`;
      if (typeof schema.format === "string") return `a string in the form of a ${schema.format}`;
      return Number(schema.minLength ?? 0) > 0 ? "a non-empty string" : "a string";
    default:
      return null;
  }
}

const plural: Readonly<Record<string, string>> = {
  string: "strings",
  integer: "integers",
  number: "numbers",
  boolean: "true or false",
  object: "maps",
};

function range(schema: JsonObject): string {
  const low = limit(schema.minimum, schema.exclusiveMinimum, ["≥", ">"]);
  const high = limit(schema.maximum, schema.exclusiveMaximum, ["≤", "<"]);
  if (low?.startsWith("≥") && high?.startsWith("≤")) return ` from ${low.slice(2)} to ${high.slice(2)}`;
  const bounds = [low, high].filter((bound) => bound !== null);
  return bounds.length === 0 ? "" : ` ${bounds.join(" and ")}`;
}

/** Bounds of the safe integers are the schema library's way of saying that there is none. */
function limit(
  inclusive: Json | undefined,
  exclusive: Json | undefined,
  signs: readonly [string, string],
): string | null {
  if (typeof exclusive === "number") return `${signs[1]} ${exclusive}`;
  if (typeof inclusive === "number" && Math.abs(inclusive) < Number.MAX_SAFE_INTEGER) return `${signs[0]} ${inclusive}`;
  return null;
}

function branchesOf(schema: JsonObject): JsonObject[] {
  const branches = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return branches.map(mapOf).filter((branch) => branch !== undefined);
}

function followed(schema: JsonObject, root: JsonObject): JsonObject {
  let here = schema;
  // A chain of references is short; a circle of them says nothing.
  for (let step = 0; step < 10 && typeof here.$ref === "string" && here.$ref.startsWith("#/"); step += 1) {
    let target: JsonObject | undefined = root;
    for (const part of here.$ref.slice(2).split("/"))
      target = mapOf(target?.[part.replaceAll("~1", "/").replaceAll("~0", "~")]);
    if (target === undefined) return here;
    here = target;
  }
  return here;
}

function mapOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? value : undefined;
}

function isList(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
