// One file, because every table of judges is checked on the same made run of verdicts.
import type { AnswerRecord, Judgement, Preference, Sample, Table, VerdictRecord } from "@unshift/contracts";
import type { JudgeInput } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { meanInterval } from "../src/comparison/mean-interval.js";
import { pairedComparison } from "../src/comparison/paired-comparison.js";
import {
  leaderboard,
  type SystemTablesInput,
  seededRandom,
  systemTables,
  type TableRow,
  tableRows,
} from "../src/index.js";
import { wilsonInterval } from "../src/statistics/wilson-interval.js";
import { sampleOf } from "./made-shift.js";

function inputOf(more: Partial<SystemTablesInput>): SystemTablesInput {
  return { samples: [], answers: [], verdicts: [], systems: ["a", "b"], seed: 1, ...more };
}

function answer(system: string, sampleId: string, text: string): AnswerRecord {
  return {
    key: `${system} ${sampleId}`,
    system,
    sampleId,
    status: "answered",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "eos",
    stop: null,
    durationMs: 1,
  };
}

function verdict(
  system: string,
  sampleId: string,
  judgement: VerdictRecord["judgement"],
  more: Partial<VerdictRecord> = {},
) {
  return { key: "", judge: "j", system, sampleId, judgement, ...more };
}

const scored = (scores: Record<string, number>, more: Partial<Extract<Judgement, { status: "scored" }>> = {}) => ({
  status: "scored" as const,
  scores,
  ...more,
});
const preferred = (overall: Preference) => ({ status: "preferred" as const, preferences: { overall } });
const judge = (more: Partial<JudgeInput> = {}): JudgeInput => ({
  id: "j",
  use: "just-eval",
  version: "1",
  options: {},
  aspects: [],
  repeat: 1,
  ...more,
});
const rows = (input: SystemTablesInput, name: string): TableRow[] => tableRows(systemTables(input), name);
const near = (t: ExecutionContext, actual: unknown, expected: number, what?: string) =>
  t.true(typeof actual === "number" && Math.abs(actual - expected) < 1e-9, `${what}: ${actual}, not ${expected}`);

test("scores: mean, length and every kind of verdict without a score, by hand", (t) => {
  const input = inputOf({
    systems: ["a"],
    judges: [judge({ options: { naPolicy: "exclude" } })],
    answers: [answer("a", "1", "one two three"), answer("a", "2", "one"), answer("a", "3", "x y")],
    verdicts: [
      verdict("a", "1", scored({ depth: 4 }, { repairs: ["a comma too many"] })),
      verdict("a", "2", scored({ depth: 1 })),
      verdict("a", "3", scored({ clarity: 5 }, { notApplicable: ["depth"] })),
      verdict("a", "4", { status: "unparsed", reason: "?", raw: "?" }),
      verdict("a", "5", { status: "failed", reason: "down" }),
      verdict("a", "6", { status: "not-applicable", reason: "poem" }),
    ],
  });
  const [clarity = {}, depth = {}] = rows(input, "scores");
  t.like(depth, { aspect: "depth", n: 2, mean: 2.5, mean_words: 2, na_policy: "exclude" });
  t.like(depth, { scored: 3, not_applicable: 1, aspect_not_applicable: 1, unparsed: 1, failed: 1, repaired: 1 });
  t.like(clarity, { aspect: "clarity", n: 1, mean: 5, mean_low: null, mean_words: 2, aspect_not_applicable: 0 });
});

test("a share of nothing or of all is not certain: Wilson's interval, in every table alike", (t) => {
  const aspects = ["refused", "partial"].map((id) => ({ id, title: id, min: 0, max: 1, meaning: "" }));
  const verdicts = Array.from({ length: 5 }, (_, i) => verdict("a", `q${i}`, scored({ refused: 0, partial: 1 })));
  const input = inputOf({
    systems: ["a"],
    samples: verdicts.map(({ sampleId }) => sampleOf(sampleId, { tags: { kind: ["x"] } })),
    judges: [judge({ use: "refusal", aspects })],
    verdicts,
  });
  const { high } = wilsonInterval(0, 5);
  for (const name of ["scores", "scores_by_tag"]) {
    const [refused = {}, partial = {}] = rows(input, name);
    t.deepEqual([refused.mean, refused.mean_low, refused.mean_high], [0, 0, high], name);
    t.is(partial.mean_high, 1);
    near(t, partial.mean_low, 1 - (high ?? 0), name);
  }
  t.deepEqual([rows(input, "systems")[0]?.["j.refused_low"], rows(input, "systems")[0]?.["j.refused_high"]], [0, high]);
  // The mean of refused and partial is a share of nothing.
  t.is(rows(input, "score_averages")[0]?.average, null);
  const stars = { ...input, judges: [judge({ aspects: aspects.map((each) => ({ ...each, max: 5 })) })] };
  t.is(rows(stars, "scores")[0]?.mean_high, 0, "equal scores on a longer scale are no share");
});

test("all wins and all ties are not certain either", (t) => {
  const of = (preference: Preference) =>
    Array.from({ length: 5 }, (_, i) => verdict("a", `q${i}`, preferred(preference), { against: "b" }));
  const { low } = wilsonInterval(5, 5);
  const [wins = {}] = rows(inputOf({ verdicts: of("answer") }), "preferences");
  t.deepEqual([wins.win_rate, wins.win_rate_low, wins.win_rate_high], [1, low, 1]);
  const [ties = {}] = rows(inputOf({ verdicts: of("tie") }), "win_rates");
  t.is(ties.win_rate, 0.5);
  t.true(Number(ties.win_rate_low) < 0.3 && Number(ties.win_rate_high) > 0.7);
});

test("a rubric that may say N/A leaves it out, and its tables say so", (t) => {
  const verdicts = [verdict("a", "1", scored({ depth: 4 }))];
  const policy = (options: JudgeInput["options"]) =>
    rows(inputOf({ systems: ["a"], verdicts, judges: [judge({ use: "rubric", options })] }), "scores")[0]?.na_policy;
  t.is(policy({ notApplicable: "exclude" }), "exclude");
  t.is(policy({ notApplicable: "refuse" }), null);
  t.is(policy({}), null);
});

test("aspects and judges stand in the order of the experiment where it is known", (t) => {
  const aspects = ["helpfulness", "clarity"].map((id) => ({ id, title: id, min: 1, max: 5, meaning: "" }));
  const verdicts = [
    verdict("a", "1", scored({ clarity: 1, helpfulness: 2, extra: 3 })),
    verdict("a", "1", scored({ x: 1 }), { judge: "first" }),
  ];
  const known = rows(
    inputOf({ systems: ["a"], verdicts, judges: [judge({ id: "none" }), judge({ aspects }), judge({ id: "first" })] }),
    "scores",
  );
  t.deepEqual(
    known.map((row) => `${row.judge}.${row.aspect}`),
    ["j.helpfulness", "j.clarity", "j.extra", "first.x"],
  );
});

test("a mean has the interval of meanInterval to the last bit, whatever its system is called", (t) => {
  const scores = Array.from({ length: 30 }, (_, i) => 1 + ((i * 7) % 5));
  const verdicts = scores.flatMap((depth, i) => [
    verdict("a", `q${i}`, scored({ depth })),
    verdict("b", `q${i}`, scored({ depth })),
  ]);
  const [a = {}, b = {}] = rows(inputOf({ verdicts }), "scores");
  const expected = meanInterval(
    scores.map((score, i) => ({ sampleId: `q${i}`, score })),
    seededRandom(1, 'scores ["j","depth"]'),
  );
  t.deepEqual([a.mean, a.mean_low, a.mean_high], [expected.value, expected.low, expected.high]);
  t.deepEqual([b.mean, b.mean_low, b.mean_high], [a.mean, a.mean_low, a.mean_high]);
});

test("repeats of an answer count once, with their mean; repeats the experiment no longer asks for do not count", (t) => {
  const verdicts = [
    verdict("a", "1", scored({ depth: 5 })),
    verdict("a", "1", scored({ depth: 2 }), { repeat: 2 }),
    verdict("a", "1", { status: "unparsed", reason: "", raw: "" }, { repeat: 3 }),
    verdict("a", "2", scored({ depth: 1 })),
  ];
  t.like(rows(inputOf({ verdicts }), "scores")[0] ?? {}, { n: 2, mean: (3.5 + 1) / 2, scored: 3, unparsed: 1 });
  const once = rows(inputOf({ verdicts, judges: [judge()] }), "scores");
  t.like(once[0] ?? {}, { n: 2, mean: 3, scored: 2, unparsed: 0 });
});

test("the average is the mean of the aspects' means, each over its own answers", (t) => {
  const verdicts = [
    verdict("a", "1", scored({ depth: 1, clarity: 5 })),
    verdict("a", "2", scored({ depth: 2, clarity: 5 })),
    verdict("a", "3", scored({ safety: 4 })),
    verdict("b", "1", scored({ depth: 3, clarity: 3 })),
  ];
  const [a = {}, b = {}] = rows(inputOf({ verdicts }), "score_averages");
  near(t, a.average, (1.5 + 5 + 4) / 3);
  t.like(a, { aspects: 3, n: 3 });
  t.is(b.average, null, "b has no score in safety: an average over two aspects would look like one over three");
});

test("the average of aspects on different scales is none", (t) => {
  const verdicts = [verdict("a", "1", scored({ stars: 4, share: 0.5 }))];
  const aspect = (id: string, max: number) => ({ id, title: id, min: 0, max, meaning: "" });
  const scales = (max: number) =>
    rows(
      inputOf({ systems: ["a"], verdicts, judges: [judge({ aspects: [aspect("stars", 5), aspect("share", max)] })] }),
      "score_averages",
    )[0]?.average;
  t.is(scales(1), null);
  t.is(scales(5), 2.25);
});

test("every value of every tag counts", (t) => {
  const samples = [
    sampleOf("1", { tags: { task: ["math", "coding"], source: ["lima"] } }),
    sampleOf("2", { tags: { task: ["math", "math"] } }),
  ];
  const verdicts = [verdict("a", "1", scored({ depth: 2 })), verdict("a", "2", scored({ depth: 4 }))];
  const answers = [answer("a", "1", "one two"), answer("a", "2", "one two three four")];
  const found = rows(inputOf({ systems: ["a"], samples, verdicts, answers }), "scores_by_tag");
  t.deepEqual(
    found.map((row) => [row.tag, row.value, row.n, row.mean, row.mean_words]),
    [
      ["source", "lima", 1, 2, 2],
      ["task", "coding", 1, 2, 2],
      ["task", "math", 2, 3, 3],
    ],
  );
});

test("systems are paired by sample, with Holm over the pairs of the aspect", (t) => {
  const of = (system: string, scores: readonly number[]) =>
    scores.map((depth, i) => verdict(system, `q${i}`, scored({ depth })));
  const [a, b, c] = [
    [5, 4, 5, 4, 5, 5],
    [3, 3, 4, 4, 3, 2],
    [3, 4, 4, 4, 3],
  ] as const;
  const input = inputOf({ systems: ["a", "b", "c"], verdicts: [...of("a", a), ...of("b", b), ...of("c", c)] });
  const found = rows(input, "score_comparisons");
  const scoresOf = (scores: readonly number[]) => scores.map((score, i) => ({ sampleId: `q${i}`, score }));
  const expected = pairedComparison(scoresOf(a), scoresOf(b), seededRandom(1, 'score_comparisons ["j","depth"]'));
  const [ab = {}, ac = {}, bc = {}] = found;
  t.like(ab, { first: "a", second: "b", n: 6, difference: expected.difference.value, p: expected.pValue });
  // Five of six differences are positive and one is 0: p = 2 / 2^5.
  near(t, ab.p, 2 / 32);
  near(t, ab.first_mean, 28 / 6);
  t.like(ac, { n: 5, only_first: 1, only_second: 0, p_by: "enumeration" });
  // a − c: 2, 0, 1, 0, 2 → 2 / 2^3; b − c: 0, −1, 0, 0, 0 → 1. Holm: 3 · 0.0625, 2 · 0.25, 1 · 1.
  near(t, ac.p, 0.25);
  near(t, bc.p, 1);
  t.deepEqual([ab.p_adjusted_in_aspect, ac.p_adjusted_in_aspect, bc.p_adjusted_in_aspect], [3 / 16, 0.5, 1]);
});

test("six aspects of two systems are six tests: Holm is over the table, and over the aspect beside it", (t) => {
  const aspects = ["a1", "a2", "a3", "a4", "a5", "a6"];
  // Six samples on which a is better in every aspect: each p is 2 / 2^6.
  const verdicts = Array.from({ length: 6 }, (_, i) => [
    verdict("a", `q${i}`, scored(Object.fromEntries(aspects.map((aspect) => [aspect, 5])))),
    verdict("b", `q${i}`, scored(Object.fromEntries(aspects.map((aspect) => [aspect, 4])))),
  ]).flat();
  const found = rows(inputOf({ verdicts }), "score_comparisons");
  t.is(found.length, 6);
  for (const row of found) {
    near(t, row.p, 1 / 32);
    near(t, row.p_adjusted_in_aspect, 1 / 32, "one pair");
    near(t, row.p_adjusted, 6 / 32, "six tests");
  }
  // A second judge's tests are of the same table.
  const twice = [...verdicts, ...verdicts.map((each) => ({ ...each, judge: "k" }))];
  near(t, rows(inputOf({ verdicts: twice }), "score_comparisons")[0]?.p_adjusted, 12 / 32);
});

const pair = (
  system: string,
  against: string,
  sampleId: string,
  preference: Preference,
  more: Partial<VerdictRecord> = {},
) => verdict(system, sampleId, preferred(preference), { against, ...more });

test("preferences: wins, ties, losses and changes of mind from the first system's side", (t) => {
  const verdicts = [
    pair("a", "b", "1", "answer"),
    pair("b", "a", "2", "against"),
    pair("a", "b", "3", "against"),
    pair("a", "b", "4", "tie"),
    pair("a", "b", "5", "inconsistent"),
    verdict("b", "6", { status: "unparsed", reason: "", raw: "" }, { against: "a" }),
  ];
  const [row = {}] = rows(inputOf({ verdicts }), "preferences");
  t.like(row, { system: "a", against: "b", n: 4, wins: 2, ties: 1, losses: 1, inconsistent: 1, unparsed: 1 });
  t.is(row.win_rate, 0.625);
  const wilson = wilsonInterval(2, 4);
  t.deepEqual([row.win_share, row.win_share_low, row.win_share_high], [wilson.value, wilson.low, wilson.high]);
  t.is(row.inconsistent_share, 0.2);
  t.deepEqual(rows(inputOf({ verdicts }), "scores"), [], "a judge of pairs scores nothing");
});

test("of a pair judged several times the majority of the decided times counts", (t) => {
  const times = (sampleId: string, ...preferences: readonly Preference[]) =>
    preferences.map((preference, i) => pair("a", "b", sampleId, preference, i === 0 ? {} : { repeat: i + 1 }));
  const verdicts = [
    ...times("1", "answer", "answer", "against"),
    ...times("2", "answer", "against"),
    ...times("3", "against", "tie", "inconsistent"),
    ...times("4", "inconsistent", "inconsistent"),
  ];
  const [row = {}] = rows(inputOf({ verdicts }), "preferences");
  t.like(row, { wins: 1, ties: 1, losses: 1, inconsistent: 1, n: 3 });
});

test("a win rate stands there both ways, and once more at equal length", (t) => {
  const outcomes: Preference[] = [
    "answer",
    "answer",
    "answer",
    "against",
    "tie",
    "answer",
    "against",
    "answer",
    "against",
    "tie",
  ];
  const verdicts = outcomes.map((preference, i) => pair("a", "b", `q${i}`, preference));
  const lengths = [9, 8, 3, 4, 5, 2, 7, 8, 2, 4];
  const answers = lengths.flatMap((length, i) => [
    answer("a", `q${i}`, "w ".repeat(length)),
    answer("b", `q${i}`, "w w w w"),
  ]);
  const [ba = {}, ab = {}] = rows(inputOf({ verdicts, answers }), "win_rates");
  t.like(ba, { baseline: "a", system: "b", n: 10 });
  t.like(ab, { baseline: "b", system: "a", n: 10, win_rate: 0.6, not_controlled: null });
  near(t, ab.more_words, (52 - 40) / 10);
  for (const name of ["win_rate", "length_controlled"]) {
    near(t, Number(ab[name]) + Number(ba[name]), 1, name);
    near(t, Number(ab[`${name}_low`]) + Number(ba[`${name}_high`]), 1, name);
  }
  t.true(Number(ab.length_coefficient) > 0);
  t.not(ab.length_controlled, ab.win_rate);
  const unknown = rows(inputOf({ verdicts }), "win_rates")[1] ?? {};
  t.like(unknown, {
    win_rate: 0.6,
    length_controlled: null,
    not_controlled: "the length of some answers is not known",
  });
});

test("ratings: a closed form for two systems; where one never won, the state says so", (t) => {
  const games = (wins: number, losses: number) => [
    ...Array.from({ length: wins }, (_, i) => pair("a", "b", `w${i}`, "answer")),
    ...Array.from({ length: losses }, (_, i) => pair("a", "b", `l${i}`, "against")),
  ];
  const [a = {}, b = {}] = rows(inputOf({ verdicts: games(30, 10) }), "ratings");
  // Two systems: the difference is 400 · log10(wins / losses).
  near(t, Number(a.rating) - Number(b.rating), 400 * Math.log10(3), "difference");
  t.like(a, { system: "a", rank: 1, n: 40, points: 30, status: "fitted", reason: null });
  t.true(Number(a.elo) > 1000 && Number(b.elo) < 1000);
  const [one = {}] = rows(inputOf({ verdicts: games(3, 0) }), "ratings");
  t.like(one, { rating: null, rank: null, status: "unfitted" });
  t.regex(String(one.reason), /b took no point from a|a gave no point to b/);
  const apart = [pair("a", "b", "1", "tie"), pair("c", "d", "1", "tie")];
  const [first = {}] = rows(inputOf({ systems: ["a", "b", "c", "d"], verdicts: apart }), "ratings");
  t.regex(String(first.reason), /nothing links/);
});

test("ratings: systems of equal strength share a place, though their fits differ in the last bits", (t) => {
  const games = (one: string, other: string, wins: number, losses: number) =>
    Array.from({ length: wins + losses }, (_, i) =>
      pair(one, other, `${one}${other}${i}`, i < wins ? "answer" : "against"),
    );
  const verdicts = [...games("a", "b", 6, 1), ...games("a", "c", 2, 2), ...games("c", "b", 6, 1)];
  for (const systems of [
    ["a", "b", "c"],
    ["c", "b", "a"],
  ]) {
    const made = rows(inputOf({ systems, verdicts }), "ratings");
    t.deepEqual(
      made.map(({ system, rank }) => [system, rank]),
      [
        [systems[0], 1],
        [systems[2], 1],
        ["b", 3],
      ],
    );
  }
});

test("a judge asked again: equal shares and alpha of scores and of preferences", (t) => {
  const again = (sampleId: string, first: number, second: number) => [
    verdict("a", sampleId, scored({ depth: first })),
    verdict("a", sampleId, scored({ depth: second }), { repeat: 2 }),
  ];
  const verdicts = [
    ...again("1", 4, 4),
    ...again("2", 1, 3),
    verdict("a", "3", scored({ depth: 5 })),
    pair("a", "b", "1", "answer", { judge: "p" }),
    pair("a", "b", "1", "answer", { judge: "p", repeat: 2 }),
    pair("a", "b", "2", "tie", { judge: "p" }),
    pair("a", "b", "2", "against", { judge: "p", repeat: 2 }),
  ];
  const [depth = {}, overall = {}] = rows(inputOf({ verdicts }), "judge_consistency");
  t.like(depth, { judge: "j", level: "interval", n: 2, judgements: 4, identical: 0.5 });
  near(t, depth.deviation, Math.SQRT2 / 2);
  // Observed: 2 · (1 − 3)² = 8 in 1 unit. Expected over {4, 4, 1, 3}: Σ of all ordered pairs = 2 · (9 + 1 + 9 + 1 + 4) = 48.
  near(t, depth.alpha, 1 - (3 * 8) / 48);
  t.like(overall, { judge: "p", level: "nominal", n: 2, judgements: 4, identical: 0.5, deviation: null });
  t.deepEqual(
    rows(inputOf({ verdicts: verdicts.filter(({ repeat }) => repeat === undefined) }), "judge_consistency"),
    [],
  );
});

test("agreement of two judges, on what both judged", (t) => {
  const given = [
    [1, 1],
    [2, 4],
    [5, 5],
    [3, 2],
  ] as const;
  const verdicts = given.flatMap(([model, person], i) => [
    verdict("a", `q${i}`, scored({ depth: model })),
    verdict("a", `q${i}`, scored({ depth: person, other: 1 }), { judge: "people" }),
  ]);
  const [row = {}, ...more] = rows(
    inputOf({ verdicts: [...verdicts, verdict("a", "alone", scored({ depth: 1 }))] }),
    "judge_agreement",
  );
  t.is(more.length, 0);
  t.like(row, { aspect: "depth", first_judge: "j", second_judge: "people", n: 4, agreement: 0.5 });
  near(t, row.difference, (0 - 2 + 0 + 1) / 4);
  // Quadratic weights: (1 − 1)² + (2 − 4)² + (5 − 5)² + (3 − 2)² = 5 observed; by chance every first score meets every second one.
  const [xs, ys] = [given.map(([x]) => x), given.map(([, y]) => y)];
  const expected = xs.flatMap((x) => ys.map((y) => (x - y) ** 2)).reduce((sum, each) => sum + each, 0) / 4;
  near(t, row.kappa, 1 - 5 / expected, "kappa");
  const preferences = (["answer", "answer", "tie", "against"] as const).flatMap((model, i) => [
    pair("a", "b", `q${i}`, model),
    pair(
      "b",
      "a",
      `q${i}`,
      i === 0 ? "inconsistent" : model === "tie" ? "tie" : model === "answer" ? "against" : "answer",
      { judge: "people" },
    ),
  ]);
  const [same = {}] = rows(inputOf({ verdicts: preferences }), "judge_agreement");
  t.like(same, { level: "nominal", n: 3, agreement: 1, kappa: 1, alpha: 1, difference: null });
});

test("the leaderboard ranks by the average or by one aspect; equal scores share a rank", (t) => {
  const verdicts = [
    verdict("a", "1", scored({ depth: 2, clarity: 4 })),
    verdict("b", "1", scored({ depth: 3, clarity: 5 })),
    verdict("c", "1", scored({ depth: 4, clarity: 4 })),
    verdict("d", "1", { status: "unparsed", reason: "", raw: "" }),
  ];
  const tables = systemTables(inputOf({ systems: ["a", "b", "c", "d"], verdicts }));
  const board = (by: string | null) => {
    const table = leaderboard(tables, "j", by);
    return tableRows(table === null ? [] : [table], "leaderboard_j").map((row) => [
      row.rank,
      row.system,
      row.score,
      row.without_score,
    ]);
  };
  t.deepEqual(board(null), [
    [1, "b", 4, 0],
    [1, "c", 4, 0],
    [3, "a", 3, 0],
    [null, "d", null, 1],
  ]);
  t.deepEqual(
    board("clarity").map(([, system]) => system),
    ["b", "a", "c", "d"],
  );
  t.is(leaderboard(tables, "j", "wit"), null);
  t.is(leaderboard(tables, "nobody", null), null);
});

test("no verdict, no row", (t) => {
  for (const table of systemTables(inputOf({ samples: [sampleOf("1", { tags: { task: ["math"] } })] }))) {
    if (table.name !== "systems") t.deepEqual(table.rows, [], table.name);
    t.true(table.columns.every(({ meaning }) => meaning.endsWith(".")));
  }
});

const systems = ["a", "b", "c"] as const;
const samples: Sample[] = Array.from({ length: 6 }, (_, i) =>
  sampleOf(`q${i}`, { tags: { task: [`t${i % 2}`, "all"] }, ...(i === 5 ? { follows: "q4" } : {}) }),
);
const anyVerdicts = fc
  .tuple(
    fc.array(
      fc.record({
        system: fc.constantFrom(...systems),
        sample: fc.nat(5),
        repeat: fc.integer({ min: 1, max: 2 }),
        depth: fc.integer({ min: 1, max: 5 }),
        read: fc.nat(4),
      }),
      { maxLength: 40 },
    ),
    fc.array(
      fc.record({
        two: fc.constantFrom(["a", "b"] as const, ["b", "c"] as const, ["c", "a"] as const),
        sample: fc.nat(5),
        preference: fc.constantFrom<Preference>("answer", "against", "tie", "inconsistent"),
      }),
      { maxLength: 40 },
    ),
  )
  .map(([scores, preferences]): VerdictRecord[] => {
    const all = [
      ...scores.map(({ system, sample, repeat, depth, read }) =>
        verdict(
          system,
          `q${sample}`,
          read === 0 ? { status: "unparsed", reason: "", raw: "" } : scored({ depth, clarity: 6 - depth }),
          repeat === 1 ? {} : { repeat },
        ),
      ),
      ...preferences.map(({ two: [one, other], sample, preference }) =>
        pair(one, other, `q${sample}`, preference, { judge: "p" }),
      ),
    ];
    // One record for each judgement, as a store gives them.
    const slot = ({ judge: by, system, against, sampleId, repeat }: VerdictRecord) =>
      JSON.stringify([by, system, against, sampleId, repeat]);
    return [...new Map(all.map((each) => [slot(each), each])).values()];
  });
const answers = systems.flatMap((system, s) =>
  samples.map(({ id }, i) => answer(system, id, "w ".repeat(1 + ((s + i * 5) % 7)))),
);

test("property: the order of verdicts, samples and answers changes nothing, to the last bit", (t) => {
  fc.assert(
    fc.property(anyVerdicts, fc.integer(), (verdicts, seed) => {
      const random = seededRandom(seed, "order");
      const mixed = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => [random.next(), item] as const)
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item);
      const made = systemTables(inputOf({ systems, samples, answers, verdicts }));
      const again = systemTables(
        inputOf({ systems, samples: mixed(samples), answers: mixed(answers), verdicts: mixed(verdicts) }),
      );
      t.deepEqual(again, made);
    }),
    { numRuns: 15 },
  );
});

test("property: renaming systems renames rows and changes no figure", (t) => {
  const names: Record<string, string> = { a: "z", b: "m", c: "0" };
  const rename = (name: string): string => names[name] ?? name;
  fc.assert(
    fc.property(anyVerdicts, (verdicts) => {
      const made = systemTables(inputOf({ systems, samples, answers, verdicts }));
      const renamed = systemTables(
        inputOf({
          systems: systems.map(rename),
          samples,
          answers: answers.map((each) => ({ ...each, system: rename(each.system) })),
          verdicts: verdicts.map((each) => ({
            ...each,
            system: rename(each.system),
            ...(each.against === undefined ? {} : { against: rename(each.against) }),
          })),
        }),
      );
      // The intervals of lengths in `systems` are drawn by system.
      for (const [i, table] of made.entries()) if (table.name !== "systems") alike(t, table, renamed[i], rename);
    }),
    { numRuns: 15 },
  );
});

const naming = new Set(["system", "against", "baseline", "first", "second"]);
/** Ratings are fitted, and averaged over orders of games, with systems in the order of their names: to rounding, and to the draw. */
const byNameOrder = new Set(["elo", "elo_deviation", "reason"]);

function alike(t: ExecutionContext, table: Table, renamed: Table | undefined, rename: (name: string) => string): void {
  t.is(renamed?.rows.length, table.rows.length, table.name);
  const sorted = (made: Table, system: (name: string) => string) =>
    made.rows
      .map((row) => row.map((cell, i) => (naming.has(made.columns[i]?.name ?? "") ? system(String(cell)) : cell)))
      .sort((x, y) => (JSON.stringify(keyOf(made, x)) < JSON.stringify(keyOf(made, y)) ? -1 : 1));
  const [one, other] = [sorted(table, rename), sorted(renamed ?? table, (name) => name)];
  for (const [r, row] of one.entries()) {
    for (const [c, cell] of row.entries()) {
      const column = table.columns[c]?.name ?? "";
      const found = other[r]?.[c];
      if (byNameOrder.has(column)) continue;
      if (typeof cell === "number" && typeof found === "number") {
        t.true(
          Math.abs(cell - found) <= 1e-6 * Math.max(1, Math.abs(cell)),
          `${table.name}.${column}: ${cell}, ${found}`,
        );
      } else t.is(found, cell, `${table.name}.${column}`);
    }
  }
}

/** What tells a row from the others: its texts but for those made of figures. */
function keyOf(table: Table, row: readonly unknown[]): unknown[] {
  return row.filter((_, i) => ["judge", "aspect", "tag", "value", ...naming].includes(table.columns[i]?.name ?? ""));
}
