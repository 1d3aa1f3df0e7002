import type { PositionColumns } from "@unshift/contracts";
import type { CompareItem } from "@unshift/contracts/services";
import type { Context } from "@unshift/native";

/**
 * Columns of an answer under the subject alone. The addon cuts `score` and `comparePair` alike, so they are bit for bit the
 * subject's columns of a comparison; what would come from a reference is NaN, 0 or −1.
 */
export async function scoreAnswer(
  context: Context,
  item: Omit<CompareItem, "referencePrompt">,
  signal: AbortSignal,
): Promise<PositionColumns> {
  const { subjectPrompt, answerIds } = item;
  const from = subjectPrompt.ids.length;
  const tokens = new Int32Array(from + answerIds.length);
  tokens.set(subjectPrompt.ids);
  tokens.set(answerIds, from);
  const subject = await context.score(
    { tokens, from, prefixLength: subjectPrompt.prefixLength, topK: item.topK },
    { signal },
  );
  const length = answerIds.length;
  const missing = () => new Float64Array(length).fill(Number.NaN);
  return {
    withoutReference: true,
    length,
    topK: subject.topK,
    tokenIds: answerIds,
    referenceLogprob: missing(),
    subjectLogprob: subject.logprob,
    referenceRank: new Int32Array(length),
    subjectRank: subject.rank,
    klReferenceSubject: missing(),
    klSubjectReference: missing(),
    js: missing(),
    tv: missing(),
    referenceEntropy: missing(),
    subjectEntropy: subject.entropy,
    referenceTopIds: new Int32Array(length * subject.topK).fill(-1),
    referenceTopLogprobs: new Float64Array(length * subject.topK).fill(Number.NaN),
    subjectTopIds: subject.topIds,
    subjectTopLogprobs: subject.topLogprobs,
    referenceDroppedMass: null,
    subjectDroppedMass: null,
  };
}
