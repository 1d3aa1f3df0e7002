import type { PositionColumns } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { compareRows } from "../src/fake-engine/fake-comparison.js";
import { createFakeEngine, type FakeModel } from "../src/index.js";
import { answersOf, openFake, prompt, signal } from "./open-fake.js";

const row = (values: readonly number[]) => Float64Array.from(values);

function near(
  t: { true(value: boolean, message?: string): void },
  actual: number | undefined,
  expected: number,
  message?: string,
): void {
  t.true(actual !== undefined && Math.abs(actual - expected) < 1e-12, `${message ?? ""} ${actual} ≠ ${expected}`);
}

test("columns of hand-computed distributions", (t) => {
  // reference (1/2, 1/4, 1/4), subject (1/4, 1/4, 1/2)
  const reference = row([Math.log(2), 0, 0]);
  const subject = row([0, 0, Math.log(2)]);
  const columns = compareRows(Int32Array.of(0, 2), 2, 3, false, () => ({ reference, subject }));
  const ln2 = Math.log(2);
  near(t, columns.referenceLogprob[0], -ln2);
  near(t, columns.subjectLogprob[0], -2 * ln2);
  t.deepEqual(Array.from(columns.referenceRank), [1, 2]);
  t.deepEqual(Array.from(columns.subjectRank), [2, 1], "an equal logit does not push a rank down");
  near(t, columns.klReferenceSubject[0], ln2 / 4);
  near(t, columns.klSubjectReference[0], ln2 / 4);
  near(t, columns.tv[0], 1 / 4);
  near(t, columns.referenceEntropy[0], 1.5 * ln2);
  const [m, h] = [3 / 8, 1 / 4];
  near(t, columns.js[0], 0.5 * Math.log(0.5 / m) + h * Math.log(h / m));
  t.deepEqual(Array.from(columns.referenceTopIds), [0, 1, 0, 1], "equal logits by rising id");
  t.deepEqual(Array.from(columns.subjectTopIds), [2, 0, 2, 0]);
  t.is(columns.referenceDroppedMass, null);
});

test("ids only one vocabulary has are dropped, reported, and the rest renormalised", (t) => {
  const columns = compareRows(Int32Array.of(0), 9, 2, true, () => ({
    reference: row([0, 0]),
    subject: row([0, 0, Math.log(2)]),
  }));
  t.is(columns.topK, 2);
  near(t, columns.subjectDroppedMass?.[0], 1 / 2);
  near(t, columns.referenceDroppedMass?.[0], 0);
  near(t, columns.subjectLogprob[0], -Math.log(2));
  near(t, columns.klReferenceSubject[0], 0);
});

test("what holds for any two rows", (t) => {
  const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 2, maxLength: 40 });
  t.notThrows(() =>
    fc.assert(
      fc.property(logits, fc.nat(), fc.nat(), (values, shift, pick) => {
        const reference = row(values);
        const subject = row(values.map((_, index) => values[(index + shift) % values.length] ?? 0));
        const id = pick % values.length;
        const c = compareRows(Int32Array.of(id), 5, values.length, false, () => ({ reference, subject }));
        const [forward, backward, js, tv] = [c.klReferenceSubject[0], c.klSubjectReference[0], c.js[0], c.tv[0]].map(
          (value) => value ?? Number.NaN,
        );
        const mirrored = compareRows(Int32Array.of(id), 5, values.length, false, () => ({
          reference: subject,
          subject: reference,
        }));
        if (forward === undefined || backward === undefined || js === undefined || tv === undefined) return false;
        const eps = 1e-9;
        return (
          forward >= 0 &&
          js >= 0 &&
          js <= Math.log(2) + eps &&
          tv >= 0 &&
          tv <= 1 + eps &&
          // Pinsker: TV² ≤ KL/2
          tv * tv <= forward / 2 + eps &&
          Math.abs((mirrored.klReferenceSubject[0] ?? 0) - backward) < eps &&
          (c.referenceRank[0] ?? 0) >= 1 &&
          (c.referenceRank[0] ?? 0) <= values.length
        );
      }),
    ),
  );
});

async function compareAnswer(reference: FakeModel, subject: FakeModel, topK = 5): Promise<PositionColumns> {
  const engine = createFakeEngine();
  const own = [await openFake(engine, reference.name), await openFake(engine, subject.name)] as const;
  const question = own[0].encode(prompt("What is the capital of France?"));
  const [answer] = await answersOf(own[0], [question.prompt], { maxTokens: 200 });
  return engine.compare(
    own[0],
    own[1],
    {
      referencePrompt: question,
      subjectPrompt: own[1].encode(prompt("# Query:\n")),
      answerIds: Int32Array.from(answer?.ids ?? []),
      topK,
    },
    { signal },
  );
}

test("two models of one family are mostly unshifted, not wholly", async (t) => {
  const engine = createFakeEngine();
  const columns = await compareAnswer(await openFake(engine, "aligned"), await openFake(engine, "base"));
  const unshifted = columns.subjectRank.filter((rank) => rank === 1).length / columns.length;
  t.true(unshifted > 0.5 && unshifted < 1, `${unshifted} of ${columns.length}`);
  t.true(columns.klReferenceSubject.every((value) => value > 0));
});

test("the whole context counts: another prompt, other numbers at every position", async (t) => {
  const engine = createFakeEngine();
  const model = await openFake(engine, "base");
  const answerIds = Int32Array.from(model.vocabulary.encode("The city of Paris is old.", false));
  const [one, two] = [model.encode(prompt("one question")), model.encode(prompt("two question"))];
  const columns = await engine.compare(
    model,
    model,
    { referencePrompt: one, subjectPrompt: two, answerIds, topK: 2 },
    { signal },
  );
  t.true(columns.klReferenceSubject.every((value) => value > 0));
  const same = await engine.compare(
    model,
    model,
    { referencePrompt: one, subjectPrompt: one, answerIds, topK: 2 },
    { signal },
  );
  t.true(same.klReferenceSubject.every((value) => value === 0) && same.tv.every((value) => value === 0));
  const prefix = await engine.compare(
    model,
    model,
    { referencePrompt: one, subjectPrompt: two, answerIds: answerIds.slice(0, 3), topK: 2 },
    { signal },
  );
  t.deepEqual(Array.from(prefix.klReferenceSubject), Array.from(columns.klReferenceSubject.slice(0, 3)));
  const empty = await engine.compare(
    model,
    model,
    { referencePrompt: one, subjectPrompt: two, answerIds: new Int32Array(), topK: 2 },
    { signal },
  );
  t.is(empty.length, 0);
});

test("vocabularies are matched by content: extended, identical, refused", async (t) => {
  const engine = createFakeEngine({
    models: { more: { extraTokens: 2 }, reversed: { reversedVocabulary: true } },
    failCompare: "COMPARE",
  });
  const [base, more, reversed] = [
    await openFake(engine, "base"),
    await openFake(engine, "more"),
    await openFake(engine, "reversed"),
  ];
  t.is(engine.matchVocabulary(base, await openFake(engine, "aligned")).relation, "identical");
  t.is(engine.matchVocabulary(base, more).relation, "subject-extends");
  t.is(engine.matchVocabulary(more, base).relation, "reference-extends");
  t.is(base.identity.vocabularySize, reversed.identity.vocabularySize);
  t.throws(() => engine.matchVocabulary(base, reversed), {
    code: "VOCABULARY_MISMATCH",
    message: /first difference is id \d+/,
  });

  const ids = Int32Array.of(300);
  const of = (text: string) => base.encode(prompt(text));
  const columns = await engine.compare(
    more,
    base,
    { referencePrompt: of("a"), subjectPrompt: of("a"), answerIds: ids, topK: 3 },
    { signal },
  );
  t.true((columns.referenceDroppedMass?.[0] ?? 0) > 0);
  t.is(columns.subjectDroppedMass?.[0], 0);
  const extra = Int32Array.of(base.identity.vocabularySize);
  await t.throwsAsync(
    engine.compare(
      more,
      base,
      { referencePrompt: of("a"), subjectPrompt: of("a"), answerIds: extra, topK: 3 },
      { signal },
    ),
    { code: "VOCABULARY_MISMATCH" },
  );
  await t.throwsAsync(
    engine.compare(
      base,
      base,
      { referencePrompt: of("a"), subjectPrompt: of("a COMPARE"), answerIds: ids, topK: 3 },
      { signal },
    ),
    { code: "LOGITS_NOT_FINITE" },
  );
});
