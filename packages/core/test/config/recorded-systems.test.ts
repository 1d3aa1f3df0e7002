import { join } from "node:path";
import test from "ava";
import { faultOf, loadFrom, loadText, placeOf } from "./load.js";
import { writeFiles } from "./write-files.js";

const text = `models:
  base: builtin:tiny-base
  aligned: builtin:tiny-aligned
dataset: builtin
systems:
  zero-shot: { model: base, strategy: zero-shot }
  chat-70b: { model: aligned, strategy: chat, answers: ./70b.jsonl }
  gpt-4: { answers: ./gpt-4.jsonl }
shifts:
  - { answers: chat-70b, subjects: [zero-shot] }
  - { answers: gpt-4, subjects: [zero-shot, chat-70b] }
`;

test("answers alone are a recorded system; beside model and strategy they are that system's", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": text });
  const { experiment } = await loadFrom(folder);
  t.deepEqual(
    experiment.systems.map(({ id, answers }) => [id, answers]),
    [
      ["zero-shot", null],
      ["chat-70b", { source: "./70b.jsonl", path: join(folder, "70b.jsonl"), at: ["systems", "chat-70b", "answers"] }],
    ],
  );
  t.deepEqual(experiment.recorded, [
    {
      id: "gpt-4",
      answers: { source: "./gpt-4.jsonl", path: join(folder, "gpt-4.jsonl"), at: ["systems", "gpt-4", "answers"] },
      tokenizer: "base",
    },
  ]);
});

test("answers that no shift reads have no tokenizer; of several shifts the first counts", async (t) => {
  const alone = await loadText(t, text.replace(/ {2}- \{ answers: gpt-4.*\n/, ""));
  t.is(alone.experiment.recorded[0]?.tokenizer, null);
  const first = await loadText(t, text.replace("[zero-shot, chat-70b]", "[chat-70b, zero-shot]"));
  t.is(first.experiment.recorded[0]?.tokenizer, "aligned");
});

test("paths of answers start from who wrote them: an extended file, or the command line", async (t) => {
  const folder = await writeFiles(t, {
    "shared/base.yaml": text,
    "experiment.yaml": "extends: shared/base.yaml\nsystems: { chat-70b: { answers: null } }\n",
  });
  const { experiment } = await loadFrom(folder, { set: ["systems.more={ answers: sub/more.jsonl }"] });
  t.is(experiment.systems[1]?.answers, null, "null takes back what the extended file wrote");
  t.deepEqual(
    experiment.recorded.map(({ answers }) => answers.path),
    [join(folder, "shared/gpt-4.jsonl"), join(folder, "sub/more.jsonl")],
  );
});

const bad: readonly (readonly [what: string, from: string, to: string, place: string, says: string])[] = [
  [
    "answers with a model but no strategy",
    "{ answers: ./gpt-4.jsonl }",
    "{ model: base, answers: ./gpt-4.jsonl }",
    "8:12",
    "systems.gpt-4 gives answers made elsewhere and a model, but no strategy.",
  ],
  [
    "answers with a strategy but no model",
    "{ answers: ./gpt-4.jsonl }",
    "{ answers: ./gpt-4.jsonl, strategy: chat }",
    "8:36",
    "systems.gpt-4 gives answers made elsewhere and a strategy, but no model.",
  ],
  [
    "decoding for answers without a model",
    "{ answers: ./gpt-4.jsonl }",
    "{ answers: ./gpt-4.jsonl, decoding: { seed: 1 } }",
    "8:36",
    "nothing is decoded",
  ],
  [
    "recorded answers as a subject",
    "[zero-shot] }",
    "[zero-shot, gpt-4] }",
    "10:48",
    'shifts[0].subjects[1] names "gpt-4", of which only the answers are known: without a model',
  ],
  [
    "neither model nor answers",
    "{ answers: ./gpt-4.jsonl }",
    "{ strategy: chat }",
    "8:3",
    'missing key "model" in systems.gpt-4.',
  ],
  ["answers that are no path", "./gpt-4.jsonl }", "[a] }", "8:12", "systems.gpt-4.answers must be"],
  [
    "answers under a misspelt key",
    "{ answers: ./gpt-4.jsonl }",
    "{ answer: ./gpt-4.jsonl }",
    "8:12",
    'Did you mean "answers"?',
  ],
];
for (const [what, from, to, place, says] of bad) {
  test(`refused: ${what}`, async (t) => {
    const changed = text.replace(from, to);
    t.not(changed, text);
    const error = await faultOf(t, loadText(t, changed));
    t.is(placeOf(error), place, error.message);
    t.true(error.message.includes(says), error.message);
  });
}

test("maxFailures: a whole number, 0 too, or null for no limit", async (t) => {
  for (const [written, value] of [
    ["0", 0],
    ["12", 12],
    ["null", null],
  ] as const) {
    t.is((await loadText(t, `${text}maxFailures: ${written}\n`)).experiment.maxFailures, value);
  }
  const error = await faultOf(t, loadText(t, `${text}maxFailures: -1\n`));
  t.is(error.code, "CONFIG_INVALID");
  t.true(error.message.startsWith("maxFailures must be an integer ≥ 0 or null"), error.message);
});
