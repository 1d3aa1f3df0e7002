import { UnshiftError } from "@unshift/contracts";
import type { VocabularyMatch } from "@unshift/contracts/services";
import type { LlamaModel } from "./llama-model.js";

/**
 * Whether two models' ids mean the same, by content: equal sizes prove nothing. One vocabulary may extend the other by tokens
 * at its end; anything else is refused, because ranks over different vocabularies cannot be compared.
 */
export function matchVocabulary(reference: LlamaModel, subject: LlamaModel): VocabularyMatch {
  const comparison = reference.native.compareVocabulary(subject.native);
  const { relation, commonSize, referenceSize, subjectSize } = comparison;
  if (relation === "different") {
    throw new UnshiftError(
      "VOCABULARY_MISMATCH",
      `models "${reference.name}" and "${subject.name}" have different vocabularies: ${referenceSize} tokens (sha256 ${comparison.referenceHash}) against ${subjectSize} (sha256 ${comparison.subjectHash}); the first difference is id ${comparison.firstDifference}: ${JSON.stringify(comparison.referenceToken)} against ${JSON.stringify(comparison.subjectToken)}`,
      { hint: "Compare models of one family, trained with the same tokenizer." },
    );
  }
  if (relation === "identical") {
    return { relation, commonSize, note: null };
  }
  const longer = relation === "reference-extends" ? reference : subject;
  const extra = Math.abs(referenceSize - subjectSize);
  return {
    relation,
    commonSize,
    note: `"${longer.name}" has ${extra} more ${extra === 1 ? "token" : "tokens"} than the other model: distributions are compared on the ${commonSize} common ids, renormalised; the probability mass left out is reported.`,
  };
}
