import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "@unshift/contracts";
import { isObject } from "./json-object.js";
import { type JsonType, typesOf } from "./keywords.js";

/** References may go in a circle. */
const deepest = 16;

/**
 * Whether no value can be of both schemas, as far as types, constants and objects' required properties tell. `follow` gives the
 * schema that a schema's references lead to.
 */
export function exclusive(a: Json, b: Json, follow: (schema: JsonObject) => JsonObject, depth = 0): boolean {
  if (depth > deepest || !isObject(a) || !isObject(b)) {
    return false;
  }
  const [one, other] = [follow(a), follow(b)];
  for (const [split, rest] of [
    [one, other],
    [other, one],
  ] as const) {
    const alternatives = split.anyOf ?? split.oneOf;
    if (Array.isArray(alternatives)) {
      return alternatives.every((alternative) => exclusive(alternative, rest, follow, depth + 1));
    }
  }
  const [values, otherValues] = [valuesOf(one), valuesOf(other)];
  if (values !== null && otherValues !== null) {
    return !values.some((value) => otherValues.some((same) => isDeepStrictEqual(value, same)));
  }
  const shared = kindsOf(one, values).filter((kind) => kindsOf(other, otherValues).includes(kind));
  if (shared.length === 0) {
    return true;
  }
  return shared.every((kind) => kind === "object") && discriminated(one, other, follow, depth);
}

/** Both require a property whose values exclude each other. */
function discriminated(one: JsonObject, other: JsonObject, follow: (schema: JsonObject) => JsonObject, depth: number) {
  const required = Array.isArray(one.required) && Array.isArray(other.required) ? one.required : [];
  return required.some((key) => {
    const both = typeof key === "string" && Array.isArray(other.required) && other.required.includes(key);
    const [mine, theirs] = both ? [propertyOf(one, key), propertyOf(other, key)] : [undefined, undefined];
    return mine !== undefined && theirs !== undefined && exclusive(mine, theirs, follow, depth + 1);
  });
}

function propertyOf(schema: JsonObject, key: string): Json | undefined {
  return isObject(schema.properties) ? schema.properties[key] : undefined;
}

/** The values a schema lists, or null. */
export function valuesOf(schema: JsonObject): readonly Json[] | null {
  if (schema.const !== undefined) {
    return [schema.const];
  }
  return Array.isArray(schema.enum) ? schema.enum : null;
}

/** Integers are numbers. */
function kindsOf(schema: JsonObject, values: readonly Json[] | null): string[] {
  const types: readonly JsonType[] = values === null ? typesOf(schema, "#") : values.map(typeOf);
  return types.map((type) => (type === "integer" ? "number" : type));
}

/** `integer` where a number is one. */
export function typeOf(value: Json): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as "object" | "string" | "boolean";
}
