import { createHash } from "node:crypto";
import { isUnshiftError } from "@unshift/contracts";
import { answerRecord } from "@unshift/testkit";
import test, { type ExecutionContext } from "ava";
import { asking, judged, judgeOf, sampleOf } from "./support/replies.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const scored = { id: "s", system: "one", status: "scored", scores: { clarity: 3 } };

async function recordedJudge(
  t: ExecutionContext,
  use: Parameters<typeof judgeOf>[0],
  rows: readonly object[],
  options: object = {},
) {
  const folder = await temporaryFolder(t, { "v.jsonl": lines(rows) });
  return judgeOf(use, { recorded: "./v.jsonl", ...options }, folder);
}

test("a recorded verdict is taken over, whole, and nobody is asked", async (t) => {
  const row = {
    ...scored,
    judge: "gpt-4",
    answer: sha256("Because."),
    notApplicable: ["depth"],
    rationales: { clarity: "so", depth: "-" },
    raw: "{…}",
    prompt: "Judge.",
  };
  const judge = await recordedJudge(t, "just-eval", [row]);
  const { judgement, asked } = await judged(judge, { replies: "" });
  t.is(asked.length, 0);
  t.deepEqual(judgement, {
    status: "scored",
    scores: { clarity: 3 },
    notApplicable: ["depth"],
    rationale: "clarity: so\ndepth: -",
    request: { judge: "gpt-4", prompt: "Judge." },
    raw: "{…}",
  });
  const five = await recordedJudge(t, "just-eval", [row], { naPolicy: "five" });
  const counted = (await judged(five, { replies: "" })).judgement;
  t.like(counted, { scores: { clarity: 3, depth: 5 }, repairs: ['depth: "N/A" counted as 5'] });
  t.not(judge.version, (await judgeOf("just-eval")).version);
});

test("another answer, an open verdict, one that is missing: asked, or left where it is to be left", async (t) => {
  for (const [rows, reason] of [
    [[{ ...scored, answer: sha256("Another.") }], "the recorded verdict is of another answer"],
    [[{ id: "s", system: "one", status: "pending" }], "it was not judged yet"],
    [[{ ...scored, system: "two" }], "no verdict is recorded"],
  ] as const) {
    const left = await recordedJudge(t, "rubric", rows, {
      aspects: [{ id: "clarity", question: "?" }],
      unrecorded: "leave",
    });
    t.false(left.asks);
    t.deepEqual((await judged(left, { replies: "" })).judgement, { status: "not-applicable", reason });
    const goesOn = await recordedJudge(t, "rubric", rows, { aspects: [{ id: "clarity", question: "?" }] });
    t.true(goesOn.asks);
    const { judgement, asked } = await judged(goesOn, { replies: '{"clarity": {"score": 2}}' });
    t.is(asked.length, 1);
    t.like(judgement, { status: "scored", scores: { clarity: 2 } });
  }
});

test("a pair that was judged the other way round is turned, its orders too", async (t) => {
  const row = {
    id: "s",
    system: "two",
    against: "one",
    answer: sha256("Two."),
    againstAnswer: sha256("One."),
    status: "preferred",
    preferences: { overall: "inconsistent" },
    orders: [{ overall: "answer" }, { overall: "tie" }],
  };
  const pair = { answer: "One.", against: "Two.", replies: "" };
  const turned = await judged(await recordedJudge(t, "pairwise", [row]), pair);
  t.deepEqual(turned.judgement, {
    status: "preferred",
    preferences: { overall: "inconsistent" },
    orders: [{ overall: "tie" }, { overall: "against" }],
  });
  const plain = { ...row, system: "one", against: "two", answer: sha256("One."), againstAnswer: sha256("Two.") };
  const straight = await judged(await recordedJudge(t, "pairwise", [plain]), pair);
  t.like(straight.judgement, { orders: [{ overall: "answer" }, { overall: "tie" }] });
});

test("a verdict that was not read stays unread, with what was said", async (t) => {
  const row = { id: "s", system: "one", status: "unparsed", reason: "no rating", raw: "Hm." };
  const { judgement } = await judged(await recordedJudge(t, "mt-bench", [row]), { replies: "" });
  t.deepEqual(judgement, { status: "unparsed", reason: "no rating", raw: "Hm." });
});

test("people are told how much is taken over", async (t) => {
  const judge = await recordedJudge(t, "just-eval", [
    { ...scored, judge: "gpt-4" },
    { id: "r", system: "one", status: "pending" },
  ]);
  const notes: string[] = [];
  await judge.prepare?.({
    signal: new AbortController().signal,
    ranker: () => Promise.reject(new Error("no ranker here")),
    note: (message) => notes.push(message),
  });
  t.deepEqual(notes, [
    "1 verdicts by gpt-4 are taken from v.jsonl, 1 stand open in it; what else there is to judge is asked",
  ]);
});

const bad: readonly [string, readonly object[], string, RegExp][] = [
  [
    "an aspect of another judge",
    [{ ...scored, scores: { style: 1 } }],
    "DATASET_FIELD",
    /no aspect "style". It has helpfulness/,
  ],
  ["a score in words", [{ ...scored, scores: { clarity: "good" } }], "DATASET_FIELD", /a number for every score/],
  ["no status", [{ id: "s", system: "one" }], "DATASET_FIELD", /scored, preferred, unparsed or pending/],
  ["no system", [{ id: "s", status: "pending" }], "DATASET_FIELD", /id and system/],
  ["a score of a pair", [{ ...scored, against: "two" }], "DATASET_FIELD", /of a preference only/],
  ["two verdicts", [scored, scored], "DATASET_DUPLICATE_ID", /two verdicts/],
];
for (const [what, rows, code, message] of bad) {
  test(`refused with its line: ${what}`, async (t) => {
    const error = await t.throwsAsync(recordedJudge(t, "just-eval", rows));
    t.true(isUnshiftError(error));
    if (!isUnshiftError(error)) return;
    t.is(error.code, code as typeof error.code);
    t.is(error.where?.line, rows.length);
    t.regex(error.message, message);
  });
}

test("refused: no JSON, no file, an option without its other half", async (t) => {
  const folder = await temporaryFolder(t, { "v.jsonl": "{" });
  const codes = [{ recorded: "./v.jsonl" }, { recorded: "./none.jsonl" }, { unrecorded: "leave" }].map(
    async (options) => {
      const error = await t.throwsAsync(judgeOf("just-eval", options, folder));
      return isUnshiftError(error) ? error.code : String(error);
    },
  );
  t.deepEqual(await Promise.all(codes), ["DATASET_SYNTAX", "DATASET_NOT_FOUND", "PLUGIN_OPTIONS"]);
});

test("both orders of an asked pair are kept beside what they come to", async (t) => {
  const judge = await judgeOf("pairwise");
  const { ask } = asking({ "answer-first": '{"preference": "A"}', "against-first": '{"preference": "tie"}' });
  const of = (text: string, system: string) => answerRecord(text, { system, sampleId: "s" });
  const item = { sample: sampleOf("Why?"), answer: of("a", "one"), against: of("b", "two") };
  t.like(await judge.judge(item, new AbortController().signal, ask), {
    preferences: { overall: "inconsistent" },
    orders: [{ overall: "answer" }, { overall: "tie" }],
  });
});
