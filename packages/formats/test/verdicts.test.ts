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

const compared = {
  question_id: 81,
  model_1: "acme",
  model_2: "baseline",
  g1_winner: "model_1",
  g2_winner: "model_1",
  judge: ["gpt-4", "pair-v2"],
  g1_user_prompt: "Compare A and B.",
  g1_judgment: "A. [[A]]",
  g2_user_prompt: "Compare B and A.",
  g2_judgment: "B. [[B]]",
  turn: 1,
  tstamp: 1687.5,
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
  ["just-eval", "half.json", [pair, { ...pair, id: 4, result: "N/A", parsed_result: undefined }]],
  [
    "mt-bench-pair",
    "a.jsonl",
    [
      compared,
      { ...compared, turn: 2, g2_winner: "model_2" },
      { ...compared, question_id: 82, g1_winner: "tie", g2_winner: "tie" },
      { ...compared, question_id: 83, g1_winner: "error", g1_judgment: "$ERROR$" },
      { ...compared, question_id: "x-2", custom: { kept: true } },
    ],
  ],
  [
    "mt-bench",
    "a.jsonl",
    [graded, { ...graded, turn: 1, score: -1, judgment: "Hm." }, { ...graded, question_id: "x-2", turn: 1 }],
  ],
];
for (const [format, name, rows] of formats) {
  test(`${format}: what is read is written back as it was (${name}, ${rows.length} rows)`, async (t) => {
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

test("MT-bench's pairs: both orders are kept; two that differ are inconsistent, one without a winner is unread", async (t) => {
  const { a } = await files(t, {
    a: jsonLines([
      compared,
      { ...compared, turn: 2, g2_winner: "tie" },
      { ...compared, question_id: 82, g1_winner: "model_2", g2_winner: "model_2" },
      { ...compared, question_id: 83, g2_winner: "error", g2_judgment: "" },
    ]),
  });
  const { format, verdicts } = await verdictsOf(a);
  t.is(format, "mt-bench-pair");
  t.deepEqual(
    verdicts.map(({ sampleId, system, against, judge, outcome }) => [
      [sampleId, system, against, judge].join(" "),
      outcome.status === "preferred" ? outcome.preferences.overall : outcome.status,
    ]),
    [
      ["81 acme baseline gpt-4", "answer"],
      ["81-2 acme baseline gpt-4", "inconsistent"],
      ["82 acme baseline gpt-4", "against"],
      ["83 acme baseline gpt-4", "unread"],
    ],
  );
  t.deepEqual(verdicts[3]?.orders, [
    { preference: "answer", raw: "A. [[A]]", request: "Compare A and B." },
    { preference: null, raw: null, request: "Compare B and A." },
  ]);
});

test("MT-bench's pairs: a preference of our own is written as both games; a changed one only with its orders", (t) => {
  const base: ReleasedVerdict = {
    sampleId: "81-2",
    system: "one",
    against: "two",
    judge: "j",
    texts: {},
    outcome: { status: "preferred", preferences: { overall: "against" }, rationales: {} },
    raw: "said",
    request: "asked",
    extras: {},
  };
  const rowOf = (verdict: ReleasedVerdict) => {
    const { content, unwritten } = writeVerdicts("mt-bench-pair", [verdict]);
    return unwritten[0]?.reason ?? JSON.parse(content);
  };
  t.deepEqual(rowOf(base), {
    question_id: 81,
    model_1: "one",
    model_2: "two",
    g1_winner: "model_2",
    g2_winner: "model_2",
    judge: ["j", "unshift"],
    g1_user_prompt: "asked",
    g1_judgment: "said",
    g2_user_prompt: "",
    g2_judgment: "",
    turn: 2,
  });
  const changed = { status: "preferred", preferences: { overall: "inconsistent" }, rationales: {} } as const;
  t.is(rowOf({ ...base, outcome: changed }), "inconsistent");
  const orders = [
    { preference: "answer", raw: "a", request: null },
    { preference: "tie", raw: "b", request: null },
  ] as const;
  t.like(rowOf({ ...base, outcome: changed, orders }), { g1_winner: "model_1", g2_winner: "tie", g2_judgment: "b" });
  t.like(rowOf({ ...base, outcome: { status: "unread", reason: "?" } }), { g1_winner: "error", g2_winner: "error" });
  t.is(rowOf({ ...base, outcome: { status: "pending" } }), "pending");
  const two = { overall: "tie", depth: "tie" } as const;
  t.is(rowOf({ ...base, outcome: { ...changed, preferences: two } }), "other-aspects");
  const { against: _, ...alone } = base;
  t.is(rowOf(alone), "scored");
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
  ["a winner of its own", [{ ...compared, g2_winner: "A" }], "DATASET_FIELD a:1", /model_1, model_2, tie or error/],
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
  t.deepEqual(read, {
    kind: "scores",
    total: 6,
    means: { helpfulness: 4.5, depth: 3 },
    averageWords: 332.5,
    outputFile: "x.json",
  });
  t.deepEqual(JSON.parse(writeEvalRes(read)), summary);
  t.is(JSON.parse(await readFile(a, "utf8")).total, 6);
  const { verdicts } = await verdictsOf(b);
  const of = { kind: "scores", total: 1, averageWords: 5, outputFile: "b" } as const;
  t.deepEqual(evalResOf(verdicts, { naPolicy: "exclude", outputFile: "b" }), { ...of, means: { clarity: 5 } });
  t.deepEqual(evalResOf(verdicts, { naPolicy: "five", outputFile: "b" }), { ...of, means: { clarity: 5, depth: 5 } });
  t.is((await faultOf(t, readEvalRes(c))).code, "DATASET_FIELD");
});

test("eval_res of one score: mean and standard deviation", async (t) => {
  const one = (id: number, score: string) => ({ ...scored, id, parsed_result: { reason: "so", score } });
  const { a, b } = await files(t, {
    a: JSON.stringify([one(1, "2"), one(2, "4"), { ...scored, id: 3, result: "N/A", parsed_result: undefined }]),
    b: JSON.stringify({ total: 2, average_score: 3, std: 1, avg_lens: 5, output_file: "a" }),
  });
  const computed = evalResOf((await verdictsOf(a)).verdicts, { naPolicy: "five", outputFile: "a" });
  t.deepEqual(computed, await readEvalRes(b));
  t.deepEqual(JSON.parse(writeEvalRes(computed)), JSON.parse(await readFile(b, "utf8")));
});

test("eval_res of pairs: whoever stood in which place, by generator; ties are `same`", async (t) => {
  const of = (id: number, preference: string, [a, b]: readonly [string, string]) => {
    return {
      ...pair,
      id,
      generator_A: a,
      generator_B: b,
      output_A: `${a} a a`,
      output_B: b,
      parsed_result: { preference },
    };
  };
  const overall = [of(1, "A", ["one", "two"]), of(2, "B", ["two", "one"]), of(3, "same", ["one", "two"])];
  const summary = { one: 2, same: 1, total: 3, avg_lens: { one: 7 / 3, two: 5 / 3 }, output_file: "x" };
  const aspect = (preference: string) => ({ reason: "so", preference });
  const { a, b, c, d, e } = await files(t, {
    a: JSON.stringify([...overall, { ...pair, id: 4, result: "N/A", parsed_result: undefined }]),
    b: JSON.stringify(summary),
    c: JSON.stringify([{ ...pair, parsed_result: { clarity: aspect("A"), depth: aspect("same") } }]),
    d: JSON.stringify({ one: "many", total: 1, avg_lens: {}, output_file: "x" }),
    e: JSON.stringify({ total: 0, avg_lens: {}, output_file: "x" }),
  });
  const computed = evalResOf((await verdictsOf(a)).verdicts, { naPolicy: "five", outputFile: "x" });
  t.deepEqual(computed, await readEvalRes(b));
  t.deepEqual(JSON.parse(writeEvalRes(computed)), summary);
  const several = evalResOf((await verdictsOf(c)).verdicts, { naPolicy: "five", outputFile: "x" });
  const written = JSON.parse(writeEvalRes(several));
  const averages = { total: 2, avg_lens: { one: 1, two: 1 }, output_file: "x" };
  t.deepEqual(written, { clarity: { same: 0, one: 1 }, depth: { same: 1 }, ...averages });
  const { a: back } = await files(t, { a: JSON.stringify(written) });
  t.like(await readEvalRes(back), { kind: "preferences", wins: { clarity: { same: 0, one: 1 }, depth: { same: 1 } } });
  t.is((await faultOf(t, readEvalRes(d))).code, "DATASET_FIELD");
  t.deepEqual(JSON.parse(writeEvalRes(await readEvalRes(e))), { total: 0, avg_lens: {}, output_file: "x" });
  const named = async (system: string) => evalResOf([{ ...only, system }], { naPolicy: "five", outputFile: "x" });
  const [only] = (await verdictsOf(c)).verdicts as [ReleasedVerdict];
  t.is((await faultOf(t, named("total"))).code, "EXPORT_TARGET");
});
