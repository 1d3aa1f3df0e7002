import type { AnswerRecord, FinishReason, Table, VerdictRecord } from "@unshift/contracts";
import test from "ava";
import { createShiftAnalysis, summariseSystem, tableRows, wordsOf } from "../src/index.js";
import { inputOf, verdictOf } from "./made-shift.js";

function answered(
  system: string,
  sampleId: string,
  text: string,
  ids: readonly number[],
  finishReason: FinishReason,
): AnswerRecord {
  const prompt = { text: "", ids: [], prefixLength: 0, provenance: {} };
  return {
    key: `${system} ${sampleId}`,
    system,
    sampleId,
    status: "answered",
    prompt,
    ids,
    rawIds: ids,
    text,
    raw: text,
    finishReason,
    stop: null,
    durationMs: 1,
  };
}

function unanswered(system: string, sampleId: string, status: "skipped" | "failed"): AnswerRecord {
  return {
    key: `${system} ${sampleId}`,
    system,
    sampleId,
    status,
    reason: { code: "X", message: "x" },
    promptTokens: null,
    contextSize: null,
  };
}

const answers: AnswerRecord[] = [
  answered("aligned", "a", "one two\nthree", [1, 2, 3, 4], "eos"),
  answered("aligned", "b", " \n", [4], "eos"),
  answered("aligned", "c", "cut", [1, 2], "length"),
  answered("aligned", "d", "stopped here", [1, 2, 3], "stop"),
  unanswered("aligned", "e", "skipped"),
  unanswered("aligned", "f", "failed"),
  answered("base", "a", "x", [1], "context"),
];
const verdicts: VerdictRecord[] = [
  verdictOf("aligned", "a", { status: "scored", scores: { correct: 1 } }),
  verdictOf("aligned", "b", { status: "scored", scores: { correct: 0 } }),
  verdictOf("aligned", "c", { status: "not-applicable", reason: "poem" }),
  verdictOf("aligned", "d", { status: "unparsed", reason: "?", raw: "?" }),
  verdictOf("base", "a", { status: "failed", reason: "down" }),
];
const analyse = (more: Partial<Parameters<typeof inputOf>[1]> = {}): Table[] =>
  createShiftAnalysis().analyse(inputOf([], { answers, verdicts, systems: ["base", "aligned"], ...more })) as Table[];

test("systems stand in the experiment's order with counts, lengths and endings", (t) => {
  const [base = {}, aligned = {}] = tableRows(analyse(), "systems");
  t.is(base.system, "base");
  t.deepEqual([aligned.answers, aligned.failed, aligned.skipped, aligned.empty], [4, 1, 1, 1]);
  t.is(aligned.mean_words, (3 + 0 + 1 + 2) / 4);
  t.is(aligned.mean_tokens, 10 / 4);
  t.deepEqual(
    ["eos", "stop", "length", "context"].map((reason) => aligned[`finish_${reason}`]),
    [2, 1, 1, 0],
  );
  t.is(aligned.ended_by_itself, 0.75);
  t.is(base.ended_by_itself, 0);
  t.deepEqual([base.mean_words, base.mean_words_low], [1, null]);
});

test("judges add columns, and rows to scores; no score is never a number", (t) => {
  const tables = analyse();
  const [base = {}, aligned = {}] = tableRows(tables, "systems");
  t.deepEqual([aligned["reference.correct"], aligned["reference.correct_n"]], [0.5, 2]);
  t.deepEqual(
    [aligned["reference.not_applicable"], aligned["reference.unparsed"], aligned["reference.failed"]],
    [1, 1, 0],
  );
  t.deepEqual([base["reference.correct"], base["reference.correct_n"], base["reference.failed"]], [null, 0, 1]);
  const scores = tableRows(tables, "scores");
  t.deepEqual(
    scores.map((row) => [row.system, row.judge, row.aspect, row.n, row.mean]),
    [
      ["base", "reference", "correct", 0, null],
      ["aligned", "reference", "correct", 2, 0.5],
    ],
  );
  t.is(scores[1]?.mean_low, 0);
  t.is(scores[1]?.mean_high, 1);
});

test("a judge that scored nothing has a row without aspect", (t) => {
  const scores = tableRows(
    analyse({ verdicts: [verdictOf("base", "a", { status: "unparsed", reason: "?", raw: "" }, "local")] }),
    "scores",
  );
  t.deepEqual(
    scores.map((row) => [row.system, row.judge, row.aspect, row.unparsed]),
    [
      ["base", "local", null, 1],
      ["aligned", "local", null, 0],
    ],
  );
});

test("the last record of a sample counts", (t) => {
  const again = [...answers, answered("aligned", "f", "now", [1], "eos")];
  const [, aligned = {}] = tableRows(analyse({ answers: again }), "systems");
  t.deepEqual([aligned.answers, aligned.failed], [5, 0]);
});

test("runaway repetitions, answers made elsewhere and samples without answer are counted", (t) => {
  const repetition = { period: 1, times: 40, start: 2 };
  const imported = { sha256: "ab", generator: "gpt-4" };
  const made = [
    { ...answered("gpt-4", "a", "yes yes", [1, 1], "unknown"), imported, repetition },
    { ...answered("gpt-4", "b", "one", [1], "unknown"), imported },
    { ...answered("gpt-4", "c", "two", [1], "eos"), imported, repetition },
    { ...answered("gpt-4", "d", "two", [1], "length"), imported },
    unanswered("gpt-4", "e", "skipped"),
    unanswered("gpt-4", "f", "failed"),
    unanswered("gpt-4", "g", "skipped"),
  ];
  const tables = analyse({ answers: made, verdicts: [], systems: ["gpt-4", "none"] });
  const [row = {}, none = {}] = tableRows(tables, "systems");
  t.deepEqual([row.unanswered, row.skipped, row.failed, row.imported, row.finish_unknown], [3, 2, 1, 4, 2]);
  t.deepEqual([row.runaway, row.runaway_share], [2, 0.5]);
  t.is(row.ended_by_itself, 0.5, "of the two whose ending is known");
  t.deepEqual([none.runaway, none.runaway_share, none.ended_by_itself], [0, null, null]);
  t.like(summariseSystem(tables, "gpt-4"), { answers: 4, runaway: 2, imported: 4 });
  t.false("imported" in summariseSystem(tables, "none"));
});

test("a system in one line", (t) => {
  const tables = analyse();
  t.deepEqual(summariseSystem(tables, "aligned"), {
    answers: 4,
    failed: 1,
    skipped: 1,
    runaway: 0,
    words: 1.5,
    accuracy: 0.5,
  });
  t.deepEqual(summariseSystem(tables, "base"), { answers: 1, failed: 0, skipped: 0, runaway: 0, words: 1 });
  t.throws(() => summariseSystem(tables, "nobody"), { message: /nobody/ });
});

test("words are what stands between white space", (t) => {
  t.is(wordsOf("  a b\n\tc-d. "), 3);
  t.is(wordsOf(""), 0);
});
