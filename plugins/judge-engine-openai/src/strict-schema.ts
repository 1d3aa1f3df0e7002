import type { Json, JsonObject } from "@unshift/contracts";

/**
 * Whether every object in a schema lists all its keys as required and allows no others: what `strict: true` asks for, by which
 * OpenAI holds a model to a schema token by token. Elsewhere the schema is sent as not strict.
 */
export function isStrict(schema: JsonObject): boolean {
  return objectsOf(schema).every(({ properties, required, additionalProperties }) => {
    const keys = isObject(properties) ? Object.keys(properties) : [];
    const listed = Array.isArray(required) ? required : [];
    return additionalProperties === false && keys.every((key) => listed.includes(key));
  });
}

/** Every subschema of an object. A property named "type" is no type: properties are walked by value. */
function objectsOf(schema: Json): JsonObject[] {
  if (Array.isArray(schema)) return schema.flatMap((each: Json) => objectsOf(each));
  if (!isObject(schema)) return [];
  const { properties, $defs, items, anyOf, prefixItems } = schema;
  const inside = [
    ...[properties, $defs].flatMap((map) => (isObject(map) ? Object.values(map) : [])),
    ...[items, anyOf, prefixItems].filter((each) => each !== undefined),
  ];
  const own = schema["type"] === "object" || properties !== undefined ? [schema] : [];
  return [...own, ...inside.flatMap(objectsOf)];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
