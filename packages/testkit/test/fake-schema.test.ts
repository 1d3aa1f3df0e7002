import type { JsonObject } from "@unshift/contracts";
import type { GeneratedAnswer } from "@unshift/contracts/services";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { createFakeEngine } from "../src/index.js";
import { greedy, openFake, prompt, signal, timeless } from "./open-fake.js";

const rubric: JsonObject = {
  type: "object",
  properties: {
    rationale: { type: "string", maxLength: 300 },
    score: { type: "integer", minimum: 1, maximum: 5 },
    note: { anyOf: [{ type: "null" }, { enum: ["a", "b"] }] },
  },
  required: ["rationale", "score"],
  additionalProperties: false,
};

async function answersUnder(schema: JsonObject, texts: readonly string[], change: Partial<typeof greedy> = {}) {
  const model = await openFake(createFakeEngine(), "base", { sequences: 2 });
  const answers: GeneratedAnswer[] = [];
  const decoding = { ...greedy, maxTokens: 400, ...change };
  const items = texts.map((text) => ({ prompt: model.encode(prompt(text, { stop: ["e", '"'] })), decoding, schema }));
  await model.generate(items, { signal, onDone: (index, answer) => (answers[index] = answer) });
  return answers;
}

const texts = Array.from({ length: 40 }, (_, index) => `Rate answer ${index}.`);

test("answers are values of the schema, whatever the prompt's stop texts; the same again, others for other prompts", async (t) => {
  const valid = new Ajv2020().compile(rubric);
  const answers = await answersUnder(rubric, texts);
  for (const { text, finishReason } of answers) {
    t.is(finishReason, "eos");
    t.true(valid(JSON.parse(text)), text);
  }
  t.deepEqual((await answersUnder(rubric, texts)).map(timeless), answers.map(timeless));
  const scores = new Set(answers.map(({ text }) => (JSON.parse(text) as { score: number }).score));
  t.deepEqual(Array.from(scores).sort(), [1, 2, 3, 4, 5]);
});

test("another seed is another answer only where ids are drawn", async (t) => {
  const of = async (temperature: number, seed: number) =>
    (await answersUnder(rubric, texts, { temperature, seed })).map(({ text }) => text);
  t.deepEqual(await of(0, 1), await of(0, 2));
  t.notDeepEqual(await of(1, 1), await of(1, 2));
});

test("too few tokens cut the value; what has no value here is GRAMMAR_UNSUPPORTED", async (t) => {
  const [cut] = await answersUnder(rubric, ["Rate."], { maxTokens: 5 });
  t.is(cut?.finishReason, "length");
  await t.throwsAsync(() => answersUnder({ type: "string", pattern: "^[0-9]{9}$" }, ["x"]), {
    code: "GRAMMAR_UNSUPPORTED",
  });
  await t.throwsAsync(() => answersUnder({ type: "gold" }, ["x"]), { code: "GRAMMAR_UNSUPPORTED" });
});

test("bounds are kept", async (t) => {
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(fc.integer({ min: -50, max: 50 }), fc.nat({ max: 30 }), async (least, more) => {
        const size = Math.abs(least) % 7;
        const schema = {
          type: "object",
          properties: {
            number: { type: "integer", minimum: least, maximum: least + more },
            under: { type: "number", exclusiveMaximum: least },
            list: { type: "array", items: { $ref: "#/$defs/text" }, minItems: size, maxItems: size + 1 },
          },
          required: ["number", "list"],
          $defs: { text: { type: "string", minLength: size, maxLength: size + more } },
        };
        const [answer] = await answersUnder(schema, [`${least} ${more}`], { maxTokens: 4000 });
        return new Ajv2020().validate(schema, JSON.parse(answer?.text ?? ""));
      }),
      { numRuns: 60 },
    ),
  );
});
