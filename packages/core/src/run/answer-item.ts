import { type AnswerRecord, isUnshiftError, type Sample, type UnshiftError } from "@unshift/contracts";
import type { EncodedPrompt, OpenModel } from "@unshift/contracts/services";
import { buildPrompt } from "./build-prompt.js";
import type { Conversations } from "./conversation.js";
import { keyOf } from "./key.js";
import { placementKey } from "./placement-key.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";

type Unanswered = Exclude<AnswerRecord, { status: "answered" }>;

/**
 * The key of an answer with its prompt, or the record that says why there will be none.
 *
 * @param before the system's answers to earlier turns, by sample id
 */
export async function prepareItem(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  sample: Sample,
  conversations: Conversations,
  before: ReadonlyMap<string, AnswerRecord>,
): Promise<{ readonly key: string; readonly prompt: EncodedPrompt } | Unanswered> {
  const base = { system: system.spec.id, sampleId: sample.id };
  const { contextSize } = model.view;
  const none = (
    status: Unanswered["status"],
    code: string,
    message: string,
    promptTokens: number | null = null,
    stack: string | null = null,
  ) => ({
    ...base,
    status,
    key: keyOf({ failed: base, code }),
    reason: { code, message, ...(stack === null ? {} : { stack }) },
    promptTokens,
    contextSize,
  });
  let prompt: EncodedPrompt;
  try {
    prompt = await buildPrompt(system, model, conversations.chat(sample, before));
  } catch (error) {
    if (!isUnshiftError(error) || error.code === "ABORTED" || error.code === "INTERNAL") {
      throw error;
    }
    const status = error.code === "TURN_UNANSWERED" ? "skipped" : "failed";
    return none(status, error.code, error.message, null, thrownStack(error));
  }
  const at = `system "${system.spec.id}", sample ${JSON.stringify(sample.id)}`;
  if (prompt.ids.length === 0) {
    return none("failed", "STRATEGY_FAILED", `${at}: the prompt has no token (an empty text, no BOS)`, 0);
  }
  const key = answerKey(prepared, system, model, prompt);
  if (prompt.ids.length >= contextSize) {
    const message = `${at}: the prompt has ${prompt.ids.length} tokens, the context ${contextSize}: no room for an answer`;
    return { ...none("skipped", "CONTEXT_TOO_SMALL", message, prompt.ids.length), key };
  }
  return { key, prompt };
}

/** The stack of what a plugin threw; a coded error says what it has to say. */
function thrownStack({ cause }: UnshiftError): string | null {
  return cause instanceof Error && !isUnshiftError(cause) ? (cause.stack ?? null) : null;
}

/** Everything that changes an answer. `parallel` is no part of it: under `strict` it changes nothing. */
function answerKey(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  { ids, prefixLength, prompt }: EncodedPrompt,
): string {
  const spec = prepared.loaded.experiment.models.find(({ id }) => id === system.spec.model);
  const extracted = system.strategy.extract === undefined ? {} : { extract: extractOf(system) };
  const blocks = prompt.codeBlocks === true ? { codeBlocks: true, stopAlways: prompt.stopAlways ?? [] } : {};
  return keyOf({
    kind: "answer",
    engine: prepared.engine.identity,
    model: model.identity.fileHash,
    contextSize: model.view.contextSize,
    chunkSize: spec?.chunkSize ?? null,
    gpuLayers: spec?.gpuLayers ?? null,
    ...placementKey(spec),
    numerics: prepared.loaded.experiment.numerics,
    promptIds: Array.from(ids),
    prefixLength,
    stop: prompt.stop,
    trimEnd: prompt.trimEnd ?? [],
    ...blocks,
    ...extracted,
    decoding: system.spec.decoding,
  });
}

/** What decides how a strategy reads an answer out of the text: the strategy with its options. */
function extractOf({ spec, owner, strategyOptions }: PreparedSystem) {
  return { owner, use: spec.strategy.use, options: strategyOptions };
}
