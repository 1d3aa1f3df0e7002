import type { JsonObject } from "@unshift/contracts";
import { below, schemaFault } from "./schema-fault.js";

const jsonTypes = ["object", "array", "string", "integer", "number", "boolean", "null"] as const;
export type JsonType = (typeof jsonTypes)[number];

/** Keywords that say nothing of what a value may be. */
const annotations = new Set(
  "title description $comment examples default deprecated readOnly writeOnly $defs definitions".split(" "),
);
/** At the root only: deeper they change what a reference means. */
const rootAnnotations = new Set(["$schema", "$id"]);

const numeric = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
/** `additionalProperties` may say what it likes: answers have none. */
const keywordsOf: Readonly<Record<JsonType, readonly string[]>> = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "minItems", "maxItems"],
  string: ["minLength", "maxLength"],
  integer: numeric,
  number: numeric,
  boolean: [],
  null: [],
};

/** Throws GRAMMAR_UNSUPPORTED at the first keyword that is neither an annotation nor one of `known`. */
export function checkKeywords(schema: JsonObject, known: readonly string[], pointer: string): void {
  for (const key of Object.keys(schema)) {
    const annotates = annotations.has(key) || (pointer === "#" && rootAnnotations.has(key));
    if (!annotates && !known.includes(key)) {
      const may = known.length === 0 ? "" : `; beside it there may be ${known.join(", ")}`;
      throw schemaFault(below(pointer, key), `"${key}" is not supported here${may}`);
    }
  }
}

export function keywordsOfTypes(types: readonly JsonType[]): string[] {
  return ["type", ...new Set(types.flatMap((type) => keywordsOf[type]))];
}

/** The types a schema names, or those its keywords speak of. */
export function typesOf(schema: JsonObject, pointer: string): JsonType[] {
  const { type } = schema;
  if (type !== undefined) {
    const named = Array.isArray(type) ? type : [type];
    const types = jsonTypes.filter((one) => named.includes(one));
    if (types.length === 0 || types.length !== named.length) {
      throw schemaFault(below(pointer, "type"), `${JSON.stringify(type)} is not a JSON type or a list of them`);
    }
    return types;
  }
  const types = jsonTypes.filter((one) => one !== "number" && keywordsOf[one].some((key) => key in schema));
  if (types.length === 0) {
    checkKeywords(schema, [], pointer);
    throw schemaFault(pointer, "it allows any value; give a type");
  }
  return types.map((one) => (one === "integer" ? "number" : one));
}
