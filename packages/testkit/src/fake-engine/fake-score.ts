import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type { CompareItem } from "@unshift/contracts/services";
import { compareRows } from "./fake-comparison.js";
import { contextOf, fakeLogits } from "./fake-distribution.js";
import type { FakeModel } from "./fake-model.js";
import type { FakeEngineOptions } from "./fake-options.js";

/** Logits of a model at a position of an answer under a prompt. */
export function rowAt(model: FakeModel, prompt: Int32Array, answerIds: Int32Array, position: number): Float64Array {
  return fakeLogits(model.distribution, contextOf([...prompt, ...answerIds.subarray(0, position)]));
}

/** Throws where the prompt holds `failCompare`, and where prompt and answer do not fit. */
export function checkScorable(
  model: FakeModel,
  prompt: { readonly ids: Int32Array },
  answerIds: Int32Array,
  options: FakeEngineOptions,
): void {
  const { failCompare } = options;
  if (failCompare !== undefined && model.vocabulary.decode(Array.from(prompt.ids)).includes(failCompare)) {
    throw new UnshiftError("LOGITS_NOT_FINITE", `the prompt of "${model.name}" holds "${failCompare}"`);
  }
  const needed = prompt.ids.length + answerIds.length;
  if (needed > model.identity.contextSize) {
    throw new UnshiftError(
      "CONTEXT_TOO_SMALL",
      `prompt and answer have ${needed} tokens, the context of "${model.name}" ${model.identity.contextSize}`,
    );
  }
}

/** The subject's columns as `compare` computes them; NaN, 0 and −1 where a reference is missing. */
export function scoreFake(
  subject: FakeModel,
  item: Omit<CompareItem, "referencePrompt">,
  options: FakeEngineOptions,
): PositionColumns {
  checkScorable(subject, item.subjectPrompt, item.answerIds, options);
  const { answerIds } = item;
  const columns = compareRows(answerIds, item.topK, subject.vocabulary.size, false, (position) => {
    const row = rowAt(subject, item.subjectPrompt.ids, answerIds, position);
    return { reference: row, subject: row };
  });
  const missing = () => new Float64Array(columns.length).fill(Number.NaN);
  return {
    ...columns,
    withoutReference: true,
    referenceLogprob: missing(),
    referenceRank: new Int32Array(columns.length),
    referenceEntropy: missing(),
    klReferenceSubject: missing(),
    klSubjectReference: missing(),
    js: missing(),
    tv: missing(),
    referenceTopIds: new Int32Array(columns.referenceTopIds.length).fill(-1),
    referenceTopLogprobs: new Float64Array(columns.referenceTopLogprobs.length).fill(Number.NaN),
  };
}
