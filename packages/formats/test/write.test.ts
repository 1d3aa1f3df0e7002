import type { Sample } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { type AnsweredSample, Questions, turnId, type WrittenFormat, writeAnswers } from "../src/index.js";
import { files, jsonLines, setOf, signal } from "./workshop.js";

const time = new Date("2026-11-22T10:00:00.500Z");
const sample = (id: string, content: string, parts: Partial<Sample> = {}): Sample => ({
  id,
  messages: [{ role: "user", content }],
  reference: [],
  tags: {},
  ...parts,
});

const run: readonly AnsweredSample[] = [
  { sample: sample("81", "Q", { tags: { source: ["koala"], category: ["regular"] } }), text: "A" },
  { sample: sample("81-2", "Q2", { follows: "81" }), text: "A2" },
  { sample: sample("082", "Empty?"), text: "" },
  { sample: sample("83", "Gone"), text: null },
  { sample: sample("84", "R"), text: "S" },
  { sample: sample("84-2", "R2", { follows: "84" }), text: null },
];

test("just-eval, to the byte", (t) => {
  const { content, answers, unwritten } = writeAnswers("just-eval", run, { generator: "m", time });
  t.is(
    content,
    `[
  {
    "id": 81,
    "instruction": "Q",
    "dataset": "koala",
    "category": "regular",
    "output": "A",
    "generator": "m"
  },
  {
    "id": "082",
    "instruction": "Empty?",
    "output": "",
    "generator": "m"
  },
  {
    "id": 84,
    "instruction": "R",
    "output": "S",
    "generator": "m"
  }
]
`,
  );
  t.is(answers, 3);
  t.deepEqual(unwritten, [
    { sampleId: "81-2", reason: "several-messages" },
    { sampleId: "83", reason: "unanswered" },
    { sampleId: "84-2", reason: "several-messages" },
  ]);
});

test("AlpacaEval, as its reader wants it", (t) => {
  const { content } = writeAnswers("alpaca-eval", run, { generator: "m", time });
  t.deepEqual(JSON.parse(content), [
    { dataset: "koala", instruction: "Q", output: "A", generator: "m" },
    { instruction: "Empty?", output: "", generator: "m" },
    { instruction: "R", output: "S", generator: "m" },
  ]);
});

test("MT-bench joins the turns; a question with an unanswered turn is left out whole", (t) => {
  const { content, answers, unwritten } = writeAnswers("mt-bench", run, { generator: "m", time });
  const rows = content
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.deepEqual(
    rows.map(({ answer_id, ...row }) => row),
    [
      { question_id: 81, model_id: "m", choices: [{ index: 0, turns: ["A", "A2"] }], tstamp: time.getTime() / 1000 },
      { question_id: "082", model_id: "m", choices: [{ index: 0, turns: [""] }], tstamp: time.getTime() / 1000 },
    ],
  );
  for (const { answer_id } of rows) t.regex(answer_id, /^[0-9a-f]{22}$/);
  t.not(rows[0].answer_id, rows[1].answer_id);
  t.is(answers, 3);
  t.deepEqual(unwritten, [
    { sampleId: "83", reason: "unanswered" },
    { sampleId: "84", reason: "turn-unanswered" },
    { sampleId: "84-2", reason: "unanswered" },
  ]);
});

const texts = fc.string({ unit: "grapheme", maxLength: 30 });

for (const format of ["just-eval", "alpaca-eval"] as const satisfies readonly WrittenFormat[]) {
  test(`${format}: what is written is read back, and written again to the same bytes`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 8 }), texts, async (pairs, name) => {
        const generator = name === "" ? "m" : name;
        const items = pairs.map(([content, text], at) => ({ sample: sample(String(at), content), text }));
        const { content } = writeAnswers(format, items, { generator, time });
        const { f } = await files(t, { f: content });
        const { set, answers, formats } = await setOf([f]);
        t.deepEqual(formats, [format]);
        t.true(answers.every((answer) => answer.generator === generator));
        t.deepEqual(
          answers.map(({ text }) => text),
          items.map(({ text }) => text),
        );
        const byId = new Map(answers.map(({ sampleId, text }) => [sampleId, text]));
        const again = set.samples().map((each) => ({ sample: each, text: byId.get(each.id) ?? null }));
        t.is(writeAnswers(format, again, { generator, time }).content, content);
      }),
      { numRuns: 60 },
    );
  });
}

test("mt-bench: what is written is read back, whatever the number of turns", async (t) => {
  const questions = fc.array(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(questions, async (chats) => {
      const items = chats.flatMap((chat, at) =>
        chat.map(([content, text], turn) => ({
          sample: sample(turnId(String(at), turn + 1), content, {
            tags: { turn: [String(turn + 1)] },
            ...(turn === 0 ? {} : { follows: turnId(String(at), turn) }),
          }),
          text,
        })),
      );
      // Turns of one question need not stand together: a run may hold all first turns first.
      const apart = items.toSorted(
        (a, b) => Number(a.sample.follows !== undefined) - Number(b.sample.follows !== undefined),
      );
      const { content } = writeAnswers("mt-bench", apart, { generator: "m", time });
      t.is(content, writeAnswers("mt-bench", items, { generator: "m", time }).content);
      const { q, a } = await files(t, {
        q: jsonLines(chats.map((chat, at) => ({ question_id: at, turns: chat.map(([content]) => content) }))),
        a: content,
      });
      const { set, answers } = await setOf([a], { questions: await Questions.read(q, signal) });
      t.deepEqual(
        set.samples(),
        items.map((item) => item.sample),
      );
      t.deepEqual(
        answers.map(({ text }) => text),
        items.map(({ text }) => text),
      );
    }),
    { numRuns: 60 },
  );
});
