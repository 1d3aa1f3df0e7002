import type { PositionColumns } from "@unshift/contracts";
import test from "ava";
import { open, plain, signal } from "./open-tiny.js";

const subjectColumns = [
  "tokenIds",
  "subjectLogprob",
  "subjectRank",
  "subjectEntropy",
  "subjectTopIds",
  "subjectTopLogprobs",
] as const satisfies readonly (keyof PositionColumns)[];

test("the subject alone gives bit for bit the subject's columns of a comparison", async (t) => {
  const { engine, base, aligned } = await open(t);
  const prefix = "A list of questions and answers follows.\n\n";
  for (const [question, answer] of [
    ["What is gold?", "Gold is a metal.\n\nLet me add some details:\n\n1. It is yellow."],
    ["Name a planet.", "Mars"],
    ["", "x".repeat(400)],
  ] as const) {
    const subjectPrompt = base.encode(plain(`${prefix}# Query:\n${question}\n`, { staticChars: prefix.length }));
    const item = { subjectPrompt, answerIds: base.encodeText(answer), topK: 7 };
    const referencePrompt = aligned.encode(plain(`${question}\n`));
    const compared = await engine.compare(aligned, base, { ...item, referencePrompt }, { signal });
    const scored = await engine.score?.(base, item, { signal });
    if (scored === undefined) return t.fail("the engine cannot score");
    for (const name of subjectColumns) t.deepEqual(scored[name], compared[name], name);
    t.is(scored.length, item.answerIds.length);
    t.is(scored.topK, 7);
  }
});

test("what would come from a reference is told apart from a number", async (t) => {
  const { engine, base } = await open(t);
  const item = { subjectPrompt: base.encode(plain("Name a metal.\n")), answerIds: base.encodeText("Gold."), topK: 3 };
  const scored = await engine.score?.(base, item, { signal });
  if (scored === undefined) return t.fail("the engine cannot score");
  t.true(scored.withoutReference);
  for (const name of [
    "referenceLogprob",
    "referenceEntropy",
    "referenceTopLogprobs",
    "klReferenceSubject",
    "klSubjectReference",
    "js",
    "tv",
  ] as const) {
    t.true(scored[name].length >= item.answerIds.length && scored[name].every(Number.isNaN), name);
  }
  t.is(scored.referenceRank.length, item.answerIds.length);
  t.true(scored.referenceRank.every((rank) => rank === 0));
  t.is(scored.referenceTopIds.length, item.answerIds.length * 3);
  t.true(scored.referenceTopIds.every((id) => id === -1));
  t.is(scored.referenceDroppedMass, null);
  t.is(scored.subjectDroppedMass, null);
});

test("an abort, and an answer longer than the context, are coded", async (t) => {
  const { engine, base } = await open(t, { contextSize: 64 });
  const subjectPrompt = base.encode(plain("Name a metal.\n"));
  const long = { subjectPrompt, answerIds: base.encodeText("gold and tin ".repeat(40)), topK: 3 };
  const score = engine.score;
  if (score === undefined) return t.fail("the engine cannot score");
  await t.throwsAsync(score(base, long, { signal }), { code: "CONTEXT_TOO_SMALL" });
  const item = { ...long, answerIds: base.encodeText("gold") };
  await t.throwsAsync(score(base, item, { signal: AbortSignal.abort() }), { code: "ABORTED" });
  t.is((await score(base, item, { signal })).length, item.answerIds.length);
});
