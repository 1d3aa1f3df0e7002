import type { PositionColumns } from "@unshift/contracts";
import type { CompareItem } from "@unshift/contracts/services";
import type { PairColumns, PairRequest } from "@unshift/native";
import type { LlamaModel } from "./llama-model.js";
import { coded } from "./native-error.js";

type Native = typeof import("@unshift/native");

/** Forces an answer through both models at once. */
export async function comparePair(
  native: Native,
  reference: LlamaModel,
  subject: LlamaModel,
  item: CompareItem,
  signal: AbortSignal,
): Promise<PositionColumns> {
  const referenceContext = await reference.context("reference");
  const subjectContext = await subject.context("subject");
  const pair = await coded(() => native.comparePair(referenceContext, subjectContext, pairRequest(item), { signal }));
  return positionColumns(pair, item.answerIds);
}

export function pairRequest(item: CompareItem): PairRequest {
  return {
    referencePrompt: item.referencePrompt.ids,
    subjectPrompt: item.subjectPrompt.ids,
    answer: item.answerIds,
    referencePrefixLength: item.referencePrompt.prefixLength,
    subjectPrefixLength: item.subjectPrompt.prefixLength,
    topK: item.topK,
    allowExtendedVocabulary: true,
  };
}

/** The addon's columns as the stages know them. */
export function positionColumns(pair: PairColumns, answerIds: Int32Array): PositionColumns {
  return {
    length: answerIds.length,
    topK: pair.reference.topK,
    tokenIds: answerIds,
    referenceLogprob: pair.reference.logprob,
    subjectLogprob: pair.subject.logprob,
    referenceRank: pair.reference.rank,
    subjectRank: pair.subject.rank,
    klReferenceSubject: pair.klReferenceSubject,
    klSubjectReference: pair.klSubjectReference,
    js: pair.js,
    tv: pair.tv,
    referenceEntropy: pair.reference.entropy,
    subjectEntropy: pair.subject.entropy,
    referenceTopIds: pair.reference.topIds,
    referenceTopLogprobs: pair.reference.topLogprobs,
    subjectTopIds: pair.subject.topIds,
    subjectTopLogprobs: pair.subject.topLogprobs,
    referenceDroppedMass: pair.referenceDroppedMass,
    subjectDroppedMass: pair.subjectDroppedMass,
  };
}
