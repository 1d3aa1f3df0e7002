import {
  type AnswerRecord,
  type ErrorCode,
  errorCatalogue,
  isUnshiftError,
  type Sample,
  UnshiftError,
} from "@unshift/contracts";
import type { EncodedPrompt, Engine, GeneratedAnswer, OpenModel, RunStore } from "@unshift/contracts/services";
import { buildPrompt, promptRecord } from "./build-prompt.js";
import { keyOf } from "./key.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Prompts handed to the engine at once: enough to keep every slot busy, few enough to keep memory flat. */
const windowSize = 256;

/** Stage 1: every system answers every sample; answers that are there already are kept. */
export async function answer(
  prepared: PreparedExperiment,
  models: OpenModels,
  store: RunStore,
  services: RunServices,
): Promise<AnswerRecord[]> {
  const stored = new Map((await store.answers()).map((record) => [slot(record.system, record.sampleId), record]));
  const answers: AnswerRecord[] = [];
  for (const system of prepared.systems) {
    const model = modelOf(models, system.spec.model);
    answers.push(...(await answerSystem(prepared, system, model, stored, store, services)));
  }
  return answers;
}

async function answerSystem(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  stored: ReadonlyMap<string, AnswerRecord>,
  store: RunStore,
  services: RunServices,
): Promise<AnswerRecord[]> {
  const { samples } = prepared.selection;
  const records = new Map<string, AnswerRecord>();
  const todo: { sample: Sample; key: string; prompt: EncodedPrompt }[] = [];
  const unanswered: AnswerRecord[] = [];
  for (const sample of samples) {
    throwIfAborted(services.signal);
    const item = await prepareItem(prepared, system, model, sample);
    const before = stored.get(slot(system.spec.id, sample.id));
    if (before !== undefined && before.key === item.key && before.status !== "failed") {
      records.set(sample.id, before);
    } else if ("prompt" in item) {
      todo.push({ sample, ...item });
    } else {
      unanswered.push(item);
    }
  }
  refuseWhereNothingWorks(system, samples.length, unanswered);
  services.events.stage("answer", system.spec.id, samples.length, records.size);

  const keep = async (record: AnswerRecord) => {
    records.set(record.sampleId, record);
    await store.appendAnswer(record);
  };
  for (const record of unanswered) {
    await keep(record);
    services.events.tick(record.status === "skipped" ? "skipped" : "failed");
    if (record.status !== "answered") {
      services.events.note(record.reason.message);
    }
  }
  for (let start = 0; start < todo.length; start += windowSize) {
    await answerWindow(system, model, todo.slice(start, start + windowSize), keep, services);
  }
  return samples.flatMap((sample) => records.get(sample.id) ?? []);
}

/** One sample may fail; where every one fails for the same reason it is the experiment that is wrong, and the run stops. */
function refuseWhereNothingWorks(system: PreparedSystem, samples: number, unanswered: readonly AnswerRecord[]): void {
  const [first, ...others] = unanswered.flatMap((record) => (record.status === "failed" ? [record.reason] : []));
  if (first === undefined || others.length + 1 < samples || others.some(({ code }) => code !== first.code)) {
    return;
  }
  const code = (first.code in errorCatalogue ? first.code : "STRATEGY_FAILED") as ErrorCode;
  throw new UnshiftError(code, samples === 1 ? first.message : `all ${samples} samples fail alike: ${first.message}`, {
    hint: `Nothing can be answered by system "${system.spec.id}". \`unshift render\` shows its prompt.`,
  });
}

async function answerWindow(
  system: PreparedSystem,
  model: OpenModel,
  items: readonly { sample: Sample; key: string; prompt: EncodedPrompt }[],
  keep: (record: AnswerRecord) => Promise<void>,
  services: RunServices,
): Promise<void> {
  const writes: Promise<void>[] = [];
  const fault = new AbortController();
  const done = (index: number, generated: GeneratedAnswer) => {
    const item = items[index];
    if (item === undefined) {
      throw new UnshiftError("INTERNAL", `the engine answered item ${index} of ${items.length}`);
    }
    const written = keep({
      status: "answered",
      key: item.key,
      system: system.spec.id,
      sampleId: item.sample.id,
      prompt: promptRecord(item.prompt),
      ...generated,
    });
    // An answer that cannot be stored (a full disk) ends the generation of the others.
    writes.push(written.catch((error: unknown) => fault.abort(error)));
    services.events.tick("done");
  };
  const requests = items.map(({ prompt }) => ({ prompt, decoding: system.spec.decoding }));
  try {
    await model.generate(requests, { signal: AbortSignal.any([services.signal, fault.signal]), onDone: done });
  } finally {
    // What was finished before an interruption or a failure is kept.
    await Promise.all(writes);
    // The reason why generation was stopped goes before the ABORTED that stopping it caused.
    if (fault.signal.aborted) {
      // biome-ignore lint/correctness/noUnsafeFinally: see above
      throw fault.signal.reason;
    }
  }
}

/** The key of an answer with its prompt, or the record that says why there will be none. */
export async function prepareItem(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  sample: Sample,
): Promise<{ key: string; prompt: EncodedPrompt } | Exclude<AnswerRecord, { status: "answered" }>> {
  const base = { system: system.spec.id, sampleId: sample.id };
  const { contextSize } = model.view;
  let prompt: EncodedPrompt;
  try {
    prompt = await buildPrompt(system, model, sample);
  } catch (error) {
    if (!isUnshiftError(error) || error.code === "ABORTED") {
      throw error;
    }
    const reason = { code: error.code, message: error.message };
    return { ...base, status: "failed", key: keyOf({ failed: base }), reason, promptTokens: null, contextSize };
  }
  if (prompt.ids.length === 0) {
    const message = `system "${system.spec.id}", sample ${JSON.stringify(sample.id)}: the prompt has no token (an empty text, no BOS)`;
    const reason = { code: "STRATEGY_FAILED", message };
    return { ...base, status: "failed", key: keyOf({ failed: base }), reason, promptTokens: 0, contextSize };
  }
  const key = answerKey(prepared.engine, prepared, system, model, prompt);
  if (prompt.ids.length >= contextSize) {
    const reason = {
      code: "CONTEXT_TOO_SMALL",
      message: `system "${system.spec.id}", sample ${JSON.stringify(sample.id)}: the prompt has ${prompt.ids.length} tokens, the context ${contextSize}: no room for an answer`,
    };
    return { ...base, status: "skipped", key, reason, promptTokens: prompt.ids.length, contextSize };
  }
  return { key, prompt };
}

/** Everything that changes an answer. `parallel` is no part of it: under `strict` it changes nothing. */
function answerKey(
  engine: Engine,
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  prompt: EncodedPrompt,
): string {
  const spec = prepared.loaded.experiment.models.find(({ id }) => id === system.spec.model);
  return keyOf({
    kind: "answer",
    engine: engine.identity,
    model: model.identity.fileHash,
    contextSize: model.view.contextSize,
    chunkSize: spec?.chunkSize ?? null,
    gpuLayers: spec?.gpuLayers ?? null,
    numerics: prepared.loaded.experiment.numerics,
    promptIds: Array.from(prompt.ids),
    prefixLength: prompt.prefixLength,
    stop: prompt.prompt.stop,
    trimEnd: prompt.prompt.trimEnd ?? [],
    decoding: system.spec.decoding,
  });
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new UnshiftError("ABORTED", "interrupted; finished items are saved and the same command continues");
  }
}

function slot(system: string, sampleId: string): string {
  return `${system}\0${sampleId}`;
}
