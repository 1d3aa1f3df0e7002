import { type Json, type JsonObject, UnshiftError } from "@unshift/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";

/** Behind so many levels only what must be there is. */
const deep = 4;
const words = "gold iron rice tea salt sun oak whale river violin".split(" ");

/**
 * A value of a JSON Schema, always the same for the same `seed`. Members in the schema's order. Throws GRAMMAR_UNSUPPORTED where
 * none was found: what is not looked at here (`pattern`, `multipleOf` …) is found out by checking the value.
 */
export function fakeInstance(schema: JsonObject, seed: number): Json {
  let value: Json;
  let valid: boolean;
  let state = seed | 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  try {
    value = instance(schema, schema, random, 0);
    valid = new Ajv2020({ strict: false, validateFormats: false }).validate(schema, value);
  } catch (error) {
    throw new UnshiftError("GRAMMAR_UNSUPPORTED", "the fake engine cannot read the schema", { cause: error });
  }
  if (!valid) {
    throw new UnshiftError("GRAMMAR_UNSUPPORTED", `the fake engine found no value of ${JSON.stringify(schema)}`);
  }
  return value;
}

function instance(schema: Json | undefined, root: JsonObject, random: () => number, depth: number): Json {
  if (!isObject(schema)) return null;
  const pick = (list: readonly Json[]) => list[depth > deep ? 0 : Math.floor(random() * list.length)];
  if (schema.$ref !== undefined) return instance(at(root, String(schema.$ref)), root, random, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return pick(schema.enum) ?? null;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return instance(pick(alternatives), root, random, depth + 1);
  switch (Array.isArray(schema.type) ? pick(schema.type) : (schema.type ?? typeOf(schema))) {
    case "object":
      return object(schema, root, random, depth);
    case "array": {
      const least = numberOr(schema.minItems, 0);
      const length = between(least, Math.min(numberOr(schema.maxItems, least + 2), least + 2), random);
      return Array.from({ length }, () => instance(schema.items, root, random, depth + 1));
    }
    case "string":
      return text(numberOr(schema.minLength, 0), numberOr(schema.maxLength, 24), random);
    case "integer":
    case "number":
      return whole(schema, random);
    case "boolean":
      return random() < 0.5;
    default:
      return null;
  }
}

function object(schema: JsonObject, root: JsonObject, random: () => number, depth: number): JsonObject {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const there = properties.filter(([key]) => required.includes(key) || (depth < deep && random() < 0.5));
  return Object.fromEntries(there.map(([key, property]) => [key, instance(property, root, random, depth + 1)]));
}

function text(least: number, most: number, random: () => number): string {
  const length = between(least, Math.min(most, least + 24), random);
  const spoken = Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(" ");
  // A text that ends in a space would be a strange one.
  return spoken.slice(0, length).replace(/ $/, "s");
}

/** A whole number within the bounds, near the one that is given. */
function whole(schema: JsonObject, random: () => number): number {
  const bound = (key: string, exclusive: string, inward: number) =>
    numberOr(schema[key], typeof schema[exclusive] === "number" ? schema[exclusive] + inward : Number.NaN);
  const [low, high] = [bound("minimum", "exclusiveMinimum", 1), bound("maximum", "exclusiveMaximum", -1)];
  const least = Number.isNaN(low) ? (Number.isNaN(high) ? 0 : high - 10) : low;
  return between(Math.ceil(least), Math.floor(Number.isNaN(high) ? least + 10 : high), random);
}

function between(least: number, most: number, random: () => number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function typeOf(schema: JsonObject): string | undefined {
  if (schema.properties !== undefined) return "object";
  return schema.items === undefined ? undefined : "array";
}

/** What a pointer into the schema leads to. */
function at(root: JsonObject, reference: string): Json | undefined {
  return reference
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<Json | undefined>((schema, key) => (isObject(schema) ? schema[key] : undefined), root);
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
