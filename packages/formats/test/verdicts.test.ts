import { readFile } from "node:fs/promises";
import type { ExecutionContext } from "ava";
import test from "ava";
import {
  evalResOf,
  type ReadVerdictOptions,
  type ReleasedVerdict,
  readEvalRes,
  readVerdicts,
  verdictProgress,
  writeEvalRes,
  writeVerdicts,
} from "../src/index.js";
import { faultOf, files, jsonLines, signal } from "./workshop.js";

async function verdictsOf(file: string, options: Partial<ReadVerdictOptions> = {}) {
  const { format, rows } = await readVerdicts(file, { signal, ...options });
  const verdicts: ReleasedVerdict[] = [];
  for await (const { verdict } of rows) verdicts.push(verdict);
  return { format, verdicts };
}

const scored = {
  id: "7",
  input: "Why is it dark at night?",
  output_cand: "Because the sun is down.",
  generator_cand: "acme",
  eval_config: { mode: "score_multi", gpt: "gpt-4", max_words: -1 },
  prompt: "Judge this.",
  result: '{"clarity": …}',
  parsed_result: { clarity: { reason: "short", score: "5" }, depth: { reason: "none", score: "N/A" } },
};
const pair = {
  id: 3,
  input: "Why?",
  output_A: "a",
  output_B: "b",
  generator_A: "one",
  generator_B: "two",
  eval_config: { mode: "pairwise", gpt: "gpt-4", max_words: -1 },
  prompt: "Compare.",
  result: '{"preference": "B"}',
  parsed_result: { preference: "B", reason: "better" },
};
const annotation = {
  instruction: "Why?",
  output_1: "base",
  generator_1: "baseline",
  output_2: "mine",
  generator_2: "acme",
  dataset: "helpful_base",
  annotator: "weighted_alpaca_eval_gpt4_turbo",
  preference: 1.83,
  raw_completion: { tokens: ["M"] },
  time_per_example: 0.5,
};
const graded = {
  question_id: 81,
  model: "acme",
  judge: ["gpt-4", "single-v1"],
  user_prompt: "[Question] …",
  judgment: "Fine. Rating: [[7.5]]",
  score: 7.5,
  turn: 2,
  tstamp: 1687,
};

const formats: readonly [string, string, readonly object[]][] = [
  [
    "just-eval",
    "a.json",
    [
      scored,
      { ...scored, id: 8, result: "N/A", parsed_result: undefined },
      { ...scored, id: 9, result: "Sorry.", parsed_result: undefined },
      { ...scored, id: 10, parsed_result: { clarity: { score: "1" } }, custom: [1, null] },
    ],
  ],
  ["just-eval", "a.json", [pair, { ...pair, id: 4, parsed_result: { preference: "same" } }]],
  [
    "alpaca-eval",
    "a.json",
    [
      annotation,
      ...[1, 2, 1.5, 0, null].map((preference, at) => ({
        ...annotation,
        instruction: `Why ${at}?`,
        preference,
        raw_completion: "m",
      })),
    ],
  ],
  [
    "mt-bench",
    "a.jsonl",
    [graded, { ...graded, turn: 1, score: -1, judgment: "Hm." }, { ...graded, question_id: "x-2", turn: 1 }],
  ],
];
for (const [format, name, rows] of formats) {
  test(`${format}: what is read is written back as it was (${rows.length} rows)`, async (t) => {
    const stored = JSON.parse(JSON.stringify(rows)) as object[];
    const { [name]: file = "" } = await files(t, {
      [name]: name.endsWith("l") ? jsonLines(stored) : JSON.stringify(stored),
    });
    const read = await verdictsOf(file);
    t.is(read.format, format as typeof read.format);
    const written = writeVerdicts(read.format, read.verdicts);
    t.deepEqual(written.unwritten, []);
    t.is(written.verdicts, rows.length);
    const again = name.endsWith("l")
      ? written.content
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as object)
      : (JSON.parse(written.content) as object[]);
    t.deepEqual(again, stored);
  });
}

test("just-eval: scores, what does not apply, who judged", async (t) => {
  const { a } = await files(t, { a: JSON.stringify([scored]) });
  const [verdict] = (await verdictsOf(a)).verdicts;
  t.deepEqual(verdict, {
    sampleId: "7",
    system: "acme",
    judge: "gpt-4",
    texts: { instruction: scored.input, answer: scored.output_cand },
    outcome: {
      status: "scored",
      scores: { clarity: 5 },
      notApplicable: ["depth"],
      rationales: { clarity: "short", depth: "none" },
    },
    raw: scored.result,
    request: scored.prompt,
    extras: { id: "7", eval_config: scored.eval_config },
  });
});

test("pairs: the answer is A of just-eval, the second output of AlpacaEval", async (t) => {
  const { a, b } = await files(t, { a: JSON.stringify([pair]), b: JSON.stringify([annotation]) });
  const [one] = (await verdictsOf(a)).verdicts;
  t.deepEqual([one?.system, one?.against], ["one", "two"]);
  t.deepEqual(one?.outcome, {
    status: "preferred",
    preferences: { overall: "against" },
    rationales: { overall: "better" },
  });
  const [other] = (await verdictsOf(b)).verdicts;
  t.deepEqual([other?.system, other?.against, other?.sampleId.length], ["acme", "baseline", 12]);
  t.deepEqual(
    other?.outcome.status === "preferred" ? [other.outcome.preferences, other.outcome.weight?.toFixed(2)] : null,
    [{ overall: "answer" }, "0.83"],
  );
});

test("MT-bench: a turn is a sample; no rating is no score", async (t) => {
  const { a } = await files(t, { a: jsonLines([graded, { ...graded, turn: 1, score: -1 }]) });
  const { verdicts } = await verdictsOf(a);
  t.deepEqual(
    verdicts.map(({ sampleId, judge, outcome }) => [sampleId, judge, outcome.status]),
    [
      ["81-2", "gpt-4", "scored"],
      ["81", "gpt-4", "unread"],
    ],
  );
});

test("a half-finished run says what is judged and what is not", async (t) => {
  const { a } = await files(t, {
    a: JSON.stringify([
      scored,
      { ...scored, id: 8, result: "N/A" },
      { ...scored, id: 9, result: "Sorry.", parsed_result: "N/A" },
    ]),
  });
  const { rows } = await readVerdicts(a, { signal });
  t.deepEqual(await verdictProgress(rows), { judged: ["7", "9"], pending: ["8"] });
});

const bad: readonly [string, unknown, string, RegExp][] = [
  ["answers, not verdicts", [{ instruction: "Why?", output: "x" }], "IMPORT_FORMAT a:1", /no known format of verdicts/],
  [
    "a score in words",
    [{ ...scored, parsed_result: { clarity: { score: "good" } } }],
    "DATASET_FIELD a:1",
    /a number or "N\/A"/,
  ],
  ["a preference for C", [{ ...pair, parsed_result: { preference: "C" } }], "DATASET_FIELD a:1", /A, B or same/],
  [
    "an aspect without fields",
    [{ ...scored, parsed_result: { clarity: 5 } }],
    "DATASET_FIELD a:1",
    /an object for every aspect/,
  ],
  ["a preference of 3", [{ ...annotation, preference: 3 }], "DATASET_FIELD a:1", /a number from 1 to 2/],
  ["turn 0", [{ ...graded, turn: 0 }], "DATASET_FIELD a:1", /a turn, from 1/],
  [
    "the same verdict twice",
    [scored, { ...scored, result: "other" }],
    "DATASET_DUPLICATE_ID a:1",
    /judged in row 1 already/,
  ],
];
for (const [what, rows, at, message] of bad) {
  test(`refused: ${what}`, async (t: ExecutionContext) => {
    const { a } = await files(t, { a: JSON.stringify(rows) });
    const fault = await faultOf(t, verdictsOf(a));
    t.is(fault.at, at);
    t.regex(fault.message, message);
  });
}

test("what a format cannot hold is named, not bent", (t) => {
  const base: ReleasedVerdict = {
    sampleId: "s",
    system: "one",
    judge: "j",
    texts: { instruction: "q", answer: "a", against: "b" },
    outcome: { status: "scored", scores: { clarity: 4, depth: 3 }, notApplicable: [], rationales: {} },
    raw: "r",
    request: "p",
    extras: {},
  };
  const compared = (preference: "tie" | "inconsistent"): ReleasedVerdict => {
    return {
      ...base,
      against: "two",
      outcome: { status: "preferred", preferences: { overall: preference }, rationales: {} },
    };
  };
  const reasonOf = (format: Parameters<typeof writeVerdicts>[0], verdict: ReleasedVerdict) =>
    writeVerdicts(format, [verdict]).unwritten[0]?.reason ?? "written";
  t.deepEqual(
    [
      reasonOf("just-eval", base),
      reasonOf("just-eval", { ...base, texts: {} }),
      reasonOf("just-eval", compared("tie")),
      reasonOf("just-eval", compared("inconsistent")),
      reasonOf("just-eval", { ...base, outcome: { status: "pending" }, raw: null }),
      reasonOf("alpaca-eval", base),
      reasonOf("alpaca-eval", compared("inconsistent")),
      reasonOf("alpaca-eval", { ...compared("tie"), outcome: { status: "pending" } }),
      reasonOf("mt-bench", base),
      reasonOf("mt-bench", compared("tie")),
    ],
    [
      "written",
      "no-text",
      "written",
      "inconsistent",
      "written",
      "scored",
      "inconsistent",
      "pending",
      "other-aspects",
      "preferred",
    ],
  );
  // Verdicts of our own, without a raw text or extras, make rows of the same form.
  const { content } = writeVerdicts("just-eval", [{ ...base, raw: null }]);
  t.deepEqual(JSON.parse(content), [
    {
      id: "s",
      input: "q",
      output_cand: "a",
      generator_cand: "one",
      eval_config: { mode: "score_multi", gpt: "j", max_words: -1 },
      prompt: "p",
      result: '{"clarity":{"score":"4"},"depth":{"score":"3"}}',
      parsed_result: { clarity: { score: "4" }, depth: { score: "3" } },
    },
  ]);
});

test("eval_res: read, computed, written; what N/A counts has to be said", async (t) => {
  const summary = { total: 6, helpfulness_mean: 4.5, depth_mean: 3, avg_lens: 332.5, output_file: "x.json" };
  const { a, b, c } = await files(t, { a: JSON.stringify(summary), b: JSON.stringify([scored]), c: "{}" });
  const read = await readEvalRes(a);
  t.deepEqual(read, { total: 6, means: { helpfulness: 4.5, depth: 3 }, averageWords: 332.5, outputFile: "x.json" });
  t.deepEqual(JSON.parse(writeEvalRes(read)), summary);
  t.is(JSON.parse(await readFile(a, "utf8")).total, 6);
  const { verdicts } = await verdictsOf(b);
  const of = { total: 1, averageWords: 5, outputFile: "b" };
  t.deepEqual(evalResOf(verdicts, { naPolicy: "exclude", outputFile: "b" }), { ...of, means: { clarity: 5 } });
  t.deepEqual(evalResOf(verdicts, { naPolicy: "five", outputFile: "b" }), { ...of, means: { clarity: 5, depth: 5 } });
  t.is((await faultOf(t, readEvalRes(c))).code, "DATASET_FIELD");
});
