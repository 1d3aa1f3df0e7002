import { join } from "node:path";
import type { JsonObject } from "@unshift/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { createLlamaEngine } from "../src/index.js";
import { generateUnderSchema } from "./generate-under-schema.js";
import { modelWriters, open, request, signal, temporaryFolder } from "./open-tiny.js";
import { randomSchema } from "./random-schema.js";

const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
const score = { type: "integer", minimum: 1, maximum: 5 };
const rubric: JsonObject = {
  type: "object",
  properties: { rationale: { type: "string", maxLength: 300 }, score },
  required: ["rationale", "score"],
  additionalProperties: false,
};
const aspects = ["helpfulness", "clarity", "factuality", "depth", "engagement"];
const aspect = {
  type: "object",
  properties: { reason: { type: "string", maxLength: 30 }, score },
  required: ["reason", "score"],
};
const fiveAspects: JsonObject = {
  type: "object",
  properties: Object.fromEntries(aspects.map((name) => [name, { $ref: "#/$defs/aspect" }])),
  required: aspects,
  $defs: { aspect },
};

for (const [name, schema, maxTokens] of [
  ["one score and its rationale", rubric, 400],
  ["five aspects", fiveAspects, 350],
] as const) {
  test(`the tiny pair answers 200 of 200 requests as the schema says: ${name}`, async (t) => {
    const { base, aligned } = await open(t, { sequences: 8, contextSize: 1024 });
    const valid = ajv.compile(schema);
    let good = 0;
    // Half of them greedy, half drawn, from each model.
    for (const model of [base, aligned]) {
      for (const temperature of [0, 1]) {
        const schemas = Array.from({ length: 50 }, () => schema);
        const answers = await generateUnderSchema(model, schemas, { maxTokens, temperature });
        for (const { text, finishReason } of answers) {
          good +=
            finishReason === "eos" && valid(JSON.parse(text)) && text === JSON.stringify(JSON.parse(text)) ? 1 : 0;
        }
      }
    }
    t.is(good, 200);
  });
}

test("random schemas, random weights: whatever is answered is of the schema", async (t) => {
  const path = join(await temporaryFolder(t), "random.gguf");
  (await modelWriters()).writeTinyModel(path, { type: "f32", context: 2048 });
  const engine = await createLlamaEngine();
  t.teardown(() => engine.dispose());
  const model = await engine.open(request("random", path, { sequences: 8, contextSize: 2048 }), { signal });
  const schemas = fc.sample(randomSchema, { numRuns: 200, seed: 4 });
  for (const temperature of [0, 1.5]) {
    const answers = await generateUnderSchema(model, schemas, { maxTokens: 1500, temperature });
    let ended = 0;
    for (const [index, { text, finishReason }] of answers.entries()) {
      const schema = schemas[index] ?? {};
      if (finishReason !== "eos") continue;
      ended += 1;
      const valid = ajv.compile(schema);
      t.true(valid(JSON.parse(text)), `${text}\n${JSON.stringify(schema)}\n${JSON.stringify(valid.errors)}`);
      t.false(/[\u0000-\u001f\ufffd]/.test(text), "well-formed text");
    }
    t.is(ended, 200);
  }
});

test("a schema that refers to itself: as deep as the model likes, and whole where it ends", async (t) => {
  const { base } = await open(t, { sequences: 8, contextSize: 1024 });
  const tree: JsonObject = {
    type: "object",
    properties: { say: { type: "string", maxLength: 4 }, more: { type: "array", items: { $ref: "#" }, maxItems: 2 } },
    required: ["say"],
  };
  const valid = ajv.compile(tree);
  const answers = await generateUnderSchema(base, Array(24).fill(tree), { maxTokens: 200, temperature: 2 });
  const ended = answers.filter(({ finishReason }) => finishReason === "eos").map(({ text }) => text);
  for (const text of ended) t.true(valid(JSON.parse(text)), text);
  t.true(
    ended.some((text) => text.split("say").length > 2),
    "one within another",
  );
});

test("a stop text within a string does not cut the value; too few tokens do, and say so", async (t) => {
  const { aligned } = await open(t, { sequences: 2, contextSize: 512 });
  const [stopped] = await generateUnderSchema(aligned, [rubric], { maxTokens: 400, temperature: 0 }, [" ", "a", "e"]);
  t.is(stopped?.finishReason, "eos");
  t.true(ajv.validate(rubric, JSON.parse(stopped?.text ?? "")));
  const [cut] = await generateUnderSchema(aligned, [rubric], { maxTokens: 20, temperature: 0 });
  t.is(cut?.finishReason, "length");
  t.throws(() => JSON.parse(cut?.text ?? ""));
});

test("strings without maxLength share what maxTokens leaves", async (t) => {
  const { base } = await open(t, { sequences: 4, contextSize: 1024 });
  const loose = {
    type: "object",
    properties: { first: { type: "string" }, last: { type: "string" } },
    required: ["first", "last"],
  };
  const answers = await generateUnderSchema(base, [loose, loose, loose, loose], { maxTokens: 120, temperature: 1 });
  for (const { text, finishReason } of answers) {
    t.is(finishReason, "eos");
    t.true(ajv.validate(loose, JSON.parse(text)));
  }
});
