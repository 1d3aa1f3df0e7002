import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@unshift/contracts";
import test from "ava";
import { schemaGrammar, schemaGrammarVersion } from "../src/schema-grammar/schema-grammar.js";

const refused: readonly (readonly [string, JsonObject, string])[] = [
  [
    "pattern",
    { type: "object", properties: { "a/b": { type: "string", pattern: "^x" } } },
    "#/properties/a~1b/pattern",
  ],
  ["format", { type: "string", format: "date" }, "#/format"],
  ["multipleOf", { type: "integer", multipleOf: 2 }, "#/multipleOf"],
  ["a misspelt keyword", { type: "integer", minimun: 2 }, "#/minimun"],
  ["a keyword of another type", { type: "integer", maxLength: 2 }, "#/maxLength"],
  ["allOf", { allOf: [{ type: "string" }] }, "#/allOf"],
  ["siblings of anyOf", { type: "string", anyOf: [{ type: "string" }] }, "#/type"],
  ["siblings of enum", { enum: [1, 2], minimum: 2 }, "#/minimum"],
  ["uniqueItems", { type: "array", items: { type: "null" }, uniqueItems: true }, "#/uniqueItems"],
  ["items of any kind", { type: "array" }, "#/items"],
  ["an item of any kind", { type: "array", items: true }, "#/items"],
  ["an object of any kind", { type: "object" }, "#/properties"],
  ["any value", { title: "x" }, "#"],
  ["no such type", { type: "float" }, "#/type"],
  ["a required stranger", { type: "object", properties: {}, required: ["x"] }, "#/required"],
  ["an empty range", { type: "integer", minimum: 3, maximum: 2 }, "#"],
  ["a fraction between integers", { type: "integer", minimum: 1.2, maximum: 1.8 }, "#"],
  ["a fraction as a bound of numbers", { type: "number", minimum: 0.5 }, "#/minimum"],
  ["crossed lengths", { type: "string", minLength: 3, maxLength: 2 }, "#/maxLength"],
  ["a length below zero", { type: "string", maxLength: -1 }, "#/maxLength"],
  ["enum without a value of the type", { type: "string", enum: [1] }, "#"],
  ["a reference elsewhere", { $ref: "other.json#/a" }, "#/$ref"],
  ["a reference to nothing", { $ref: "#/$defs/none" }, "#/$ref"],
  ["$id below the root", { type: "array", items: { type: "null", $id: "x" } }, "#/items/$id"],
];

for (const [name, schema, pointer] of refused) {
  test(`refused with its place: ${name}`, (t) => {
    const error = t.throws(() => schemaGrammar(schema, 100));
    t.is(Reflect.get(error, "code"), "GRAMMAR_UNSUPPORTED");
    t.true(error.message.includes(`at ${pointer}: `), error.message);
  });
}

test("oneOf only where no value is of two alternatives", (t) => {
  const tagged = (kind: string) => ({ type: "object", properties: { kind: { const: kind } }, required: ["kind"] });
  for (const oneOf of [
    [{ type: "string" }, { type: "null" }],
    [{ enum: ["a", 1] }, { const: "b" }],
    [{ const: 1 }, { type: "string" }],
    [tagged("a"), tagged("b"), { $ref: "#/$defs/c" }],
  ]) {
    t.notThrows(() => schemaGrammar({ oneOf, $defs: { c: tagged("c") } }, 100));
  }
  for (const oneOf of [
    [{ type: "integer" }, { type: "number" }],
    [{ enum: ["a", "b"] }, { const: "b" }],
    [{ const: "b" }, { type: "string" }],
    [tagged("a"), { ...tagged("b"), required: [] }],
    [{ anyOf: [{ type: "null" }, { type: "string" }] }, { type: "string" }],
  ]) {
    t.throws(() => schemaGrammar({ oneOf }, 100), { code: "GRAMMAR_UNSUPPORTED", message: /#\/oneOf: .*0 and of 1/ });
  }
});

test("one spelling: compact, members in the schema's order, those not required left out or not", (t) => {
  const schema = {
    type: "object",
    title: "ignored",
    properties: { b: { const: 1 }, a: { const: "x" }, c: { type: "null" } },
    required: ["a"],
  };
  t.is(
    schemaGrammar(schema, 100),
    [
      "root ::= r2",
      String.raw`r0 ::= ("," "\"c\":" "null")?`,
      String.raw`r1 ::= "," "\"a\":" "\"x\"" r0`,
      String.raw`r2 ::= "{" ("\"b\":" "1" r1 | "\"a\":" "\"x\"" r0) "}"`,
      "",
    ].join("\n"),
  );
});

test("strings without maxLength share the tokens that are left; maxLength stands as it is", (t) => {
  const bounds = (schema: JsonObject, maxTokens: number) =>
    Array.from(schemaGrammar(schema, maxTokens).matchAll(/r0\{0,(\d+)\}/g), ([, most]) => Number(most));
  const text = { type: "string" };
  // One token ends the answer, two quotation marks stand around it.
  t.deepEqual(bounds(text, 103), [100]);
  t.deepEqual(bounds({ type: "object", properties: { a: text, b: text } }, 103), [43]);
  t.deepEqual(bounds({ type: "array", items: text, maxItems: 4 }, 414), [100]);
  t.deepEqual(bounds({ type: "object", properties: { a: text, b: { ...text, maxLength: 50 } } }, 163), [96, 50]);
  t.deepEqual(bounds({ ...text, maxLength: 500 }, 20), [500]);
  t.deepEqual(bounds(text, 5), [16], "too few tokens for anything");
  const tree = { type: "object", properties: { say: text, more: { $ref: "#" } }, required: ["say"] };
  t.deepEqual(bounds(tree, 1000), [200], "nothing can be shared out where there is no end");
});

/** One schema for each part of the step: objects, strings, numbers, lists, choices, references. */
const pinned: Readonly<Record<string, readonly [schema: JsonObject, maxTokens: number]>> = {
  "scores with reasons": [
    {
      type: "object",
      properties: {
        depth: {
          type: "object",
          properties: {
            rationale: { type: "string" },
            score: { anyOf: [{ type: "integer", minimum: 1, maximum: 5 }, { const: "N/A" }] },
          },
          required: ["rationale", "score"],
          additionalProperties: false,
        },
        clear: { type: "boolean" },
      },
      required: ["depth"],
      additionalProperties: false,
    },
    300,
  ],
  "a choice": [{ enum: ["A", "B", "tie", null, 1.5, "\u00e9\n"] }, 20],
  lengths: [{ type: "array", items: { type: "string", minLength: 1, maxLength: 3 }, minItems: 1, maxItems: 4 }, 100],
  "whole numbers": [{ type: "integer", minimum: -17, maximum: 1024 }, 20],
  numbers: [{ type: "number", minimum: 0, maximum: 10 }, 20],
  "a tree": [
    {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
          required: ["name"],
          additionalProperties: false,
        },
      },
    },
    100,
  ],
};

// A changed text without another version would give replies of the old grammar for those of the new one.
test(`version ${schemaGrammarVersion} of the grammars is the text that is on file for it`, async (t) => {
  const file = fileURLToPath(
    new URL(`../../test/golden/schema-grammar.v${schemaGrammarVersion}.json`, import.meta.url),
  );
  const texts = Object.fromEntries(
    Object.entries(pinned).map(([name, [schema, maxTokens]]) => [name, schemaGrammar(schema, maxTokens).split("\n")]),
  );
  t.deepEqual(
    texts,
    JSON.parse(await readFile(file, "utf8")),
    "other texts need another schemaGrammarVersion, and a file of theirs",
  );
});
