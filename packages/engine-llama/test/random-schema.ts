import type { Json, JsonObject } from "@unshift/contracts";
import fc from "fast-check";

/** Schemas of everything that answers can be held to, small enough to be answered in a few hundred characters. */
export const randomSchema: fc.Arbitrary<JsonObject> = fc
  .letrec<{ schema: JsonObject; leaf: JsonObject }>((tie) => ({
    leaf: fc.oneof(
      fc.record({ type: fc.constant("string"), maxLength: fc.nat({ max: 12 }) }),
      fc.nat({ max: 6 }).map((least) => ({ type: "string", minLength: least, maxLength: least + 3 })),
      fc
        .tuple(fc.integer({ min: -500, max: 500 }), fc.nat({ max: 900 }))
        .chain(([minimum, width]) =>
          fc.constantFrom<JsonObject>(
            { type: "integer", minimum, maximum: minimum + width },
            { type: "number", minimum, maximum: minimum + width },
            { type: "number", exclusiveMinimum: minimum, exclusiveMaximum: minimum + width + 1 },
            { type: "integer", exclusiveMinimum: minimum - 0.5 },
            { type: "integer", maximum: minimum + 0.5 },
          ),
        ),
      fc.constantFrom<JsonObject>(
        { type: "boolean" },
        { type: "null" },
        { type: ["integer", "null"] },
        { type: ["number", "string"], maxLength: 4 },
      ),
      fc
        .uniqueArray(fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, { minLength: 1, maxLength: 3 })
        .map((list) => ({
          enum: list,
        })),
      (fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>).map((value) => ({ const: value, title: "a constant" })),
      fc.constant({ $ref: "#/$defs/a~1b" }),
    ),
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      tie("leaf"),
      fc
        .record({
          names: fc.uniqueArray(
            fc.oneof(fc.constantFrom("score", "reason", "a b", 'q"\\'), fc.string({ maxLength: 4 })),
            {
              maxLength: 4,
            },
          ),
          required: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
          schemas: fc.array(tie("schema"), { minLength: 4, maxLength: 4 }),
        })
        .map(({ names, required, schemas }) => ({
          type: "object",
          properties: Object.fromEntries(names.map((name, index) => [name, schemas[index] ?? { type: "null" }])),
          required: names.filter((_, index) => required[index]),
          additionalProperties: false,
        })),
      fc
        .record({ items: tie("schema"), least: fc.nat({ max: 2 }), more: fc.nat({ max: 2 }) })
        .map(({ items, least, more }) => ({
          type: "array",
          items,
          minItems: least,
          maxItems: least + more,
        })),
      fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf, description: "one or more" })),
    ),
  }))
  .schema.map((schema) => ({
    ...schema,
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { "a/b": { type: "string", maxLength: 3 } },
  }))
  // A property called __proto__ is none that JavaScript can build or read back as one.
  .filter((schema) => !JSON.stringify(schema).includes("__proto__"));
