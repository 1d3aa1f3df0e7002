import {
  type AnsweredRecord,
  type AnswerRecord,
  type ComparisonRecord,
  isUnshiftError,
  type Sample,
} from "@unshift/contracts";
import type { EncodedPrompt, OpenModel } from "@unshift/contracts/services";
import { buildPrompt, promptRecord } from "./build-prompt.js";
import type { Conversations } from "./conversation.js";
import { keyOf } from "./key.js";
import { placementKey } from "./placement-key.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { Shift } from "./shift.js";

/** A comparison to be made. */
export interface ComparisonWork {
  readonly key: string;
  readonly answer: AnsweredRecord;
  readonly subject: EncodedPrompt;
}

/** Whether a stored record answers for `key`: scored with its rows on disk, skipped, or nothing to score. */
export function isCompared(
  record: ComparisonRecord | undefined,
  key: string,
  scored: ReadonlySet<string>,
): record is ComparisonRecord {
  return (
    record !== undefined &&
    record.key === key &&
    record.status !== "failed" &&
    (record.status === "skipped" || record.positions === 0 || scored.has(key))
  );
}

/**
 * What is to be compared under which key, or the record that says why nothing is.
 *
 * @param answers all answers of the shift's system, by sample id: the subject is asked in the chat that took place
 */
export async function planComparison(
  prepared: PreparedExperiment,
  shift: Shift,
  answer: AnswerRecord,
  sample: Sample,
  conversations: Conversations,
  answers: ReadonlyMap<string, AnswerRecord>,
): Promise<ComparisonWork | { readonly key: string; readonly record: ComparisonRecord }> {
  const none = (
    status: ComparisonRecord["status"],
    reason: ComparisonRecord["reason"],
    prompt: ComparisonRecord["subjectPrompt"] = null,
  ) => {
    const key = keyOf({ kind: "comparison", shift: shift.id, answer: answer.key, status, code: reason?.code ?? null });
    const record: ComparisonRecord = {
      key,
      shift: shift.id,
      sampleId: sample.id,
      status,
      positions: 0,
      reason,
      subjectPrompt: prompt,
    };
    return { key, record };
  };
  if (answer.status !== "answered") {
    return none(answer.status, answer.reason);
  }
  let subject: EncodedPrompt;
  try {
    subject = await buildPrompt(shift.subject, shift.subjectModel, conversations.chat(sample, answers));
  } catch (error) {
    if (!isUnshiftError(error) || error.code === "ABORTED" || error.code === "INTERNAL") {
      throw error;
    }
    return none("failed", { code: error.code, message: error.message });
  }
  if (subject.ids.length === 0) {
    const message = `shift ${shift.id}, sample ${JSON.stringify(sample.id)}: the subject's prompt has no token`;
    return none("failed", { code: "STRATEGY_FAILED", message });
  }
  if (answer.ids.length === 0) {
    return none("scored", null, promptRecord(subject));
  }
  const sides: (readonly [side: string, promptTokens: number, model: OpenModel])[] = [
    ["subject", subject.ids.length, shift.subjectModel],
  ];
  if (shift.reference !== null) {
    sides.unshift(["reference", answer.prompt.ids.length, shift.reference.model]);
  }
  for (const [side, promptTokens, model] of sides) {
    const needed = promptTokens + answer.ids.length;
    if (needed > model.view.contextSize) {
      return none("skipped", {
        code: "CONTEXT_TOO_SMALL",
        message: `shift ${shift.id}, sample ${JSON.stringify(sample.id)}: the ${side} prompt (${promptTokens} tokens) and the answer (${answer.ids.length}) need ${needed} tokens; the context of "${model.name}" holds ${model.view.contextSize}`,
      });
    }
  }
  return { key: comparisonKey(prepared, shift, answer, subject), answer, subject };
}

function comparisonKey(
  prepared: PreparedExperiment,
  { id, reference, subject, subjectModel }: Shift,
  answer: AnsweredRecord,
  prompt: EncodedPrompt,
): string {
  const { experiment } = prepared.loaded;
  // Rounded rows make other divergences; within one model nothing waits on disk.
  const rounding = experiment.residency.rows === "f16" && reference?.model !== subjectModel ? { rows: "f16" } : {};
  const spec = (model: string) => experiment.models.find((candidate) => candidate.id === model);
  const side = (model: OpenModel, modelId: string, promptIds: readonly number[], prefixLength: number) => ({
    model: model.identity.fileHash,
    contextSize: model.view.contextSize,
    chunkSize: spec(modelId)?.chunkSize ?? null,
    gpuLayers: spec(modelId)?.gpuLayers ?? null,
    ...placementKey(spec(modelId)),
    promptIds,
    prefixLength,
  });
  return keyOf({
    kind: "comparison",
    shift: id,
    sampleId: answer.sampleId,
    engine: prepared.engine.identity,
    numerics: experiment.numerics,
    topK: experiment.topK,
    reference:
      reference === null ? null : side(reference.model, reference.id, answer.prompt.ids, answer.prompt.prefixLength),
    subject: side(subjectModel, subject.spec.model, Array.from(prompt.ids), prompt.prefixLength),
    answerIds: answer.ids,
    ...rounding,
  });
}
