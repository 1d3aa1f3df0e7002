import { type AnswerRecord, type ErrorCode, errorCatalogue, type Sample, UnshiftError } from "@unshift/contracts";
import type { EncodedPrompt, GeneratedAnswer, OpenModel, RunStore } from "@unshift/contracts/services";
import { faultOf } from "../plugins/fault-of.js";
import { throwIfAborted } from "./aborted.js";
import { prepareItem } from "./answer-item.js";
import { promptRecord } from "./build-prompt.js";
import { Conversations } from "./conversation.js";
import { FailureLimit } from "./failure-limit.js";
import { importAnswers } from "./import-answers.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";
import { repetitionOf } from "./repetition.js";
import type { RunServices } from "./run-services.js";

/** Prompts handed to the engine at once: enough to keep every slot busy, few enough to keep memory flat. */
const windowSize = 256;

/** One answer to be generated. */
interface Work {
  readonly sample: Sample;
  readonly key: string;
  readonly prompt: EncodedPrompt;
}

/** Stage 1: every system answers every sample; answers that are there already are kept. */
export async function answer(
  prepared: PreparedExperiment,
  models: OpenModels,
  store: RunStore,
  services: RunServices,
): Promise<AnswerRecord[]> {
  const known = new Map((await store.answers()).map((record) => [slot(record.system, record.sampleId), record]));
  const stored = (system: string, sampleId: string) => known.get(slot(system, sampleId));
  const failures = new FailureLimit(prepared.loaded.experiment.maxFailures, "answer");
  await refuseTooFewExamples(prepared, models, services);
  const answers = await importAnswers(prepared, models, stored, store, services);
  for (const system of prepared.systems.filter(({ spec }) => spec.answers === null)) {
    const model = modelOf(models, system.spec.model);
    answers.push(...(await answerSystem(prepared, system, model, stored, failures, store, services)));
  }
  return answers;
}

async function answerSystem(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  stored: (system: string, sampleId: string) => AnswerRecord | undefined,
  failures: FailureLimit,
  store: RunStore,
  services: RunServices,
): Promise<AnswerRecord[]> {
  const { samples } = prepared.selection;
  const conversations = new Conversations(samples);
  const records = new Map<string, AnswerRecord>();
  const keep = async (record: AnswerRecord) => {
    records.set(record.sampleId, record);
    await store.appendAnswer(record);
  };
  for (const [turn, asked] of conversations.turns().entries()) {
    const todo: Work[] = [];
    const unanswered: AnswerRecord[] = [];
    let kept = 0;
    for (const sample of asked) {
      throwIfAborted(services.signal);
      const item = await prepareItem(prepared, system, model, sample, conversations, records);
      const before = stored(system.spec.id, sample.id);
      if (before !== undefined && before.key === item.key && before.status !== "failed") {
        records.set(sample.id, before);
        kept += 1;
      } else if ("prompt" in item) {
        todo.push({ sample, ...item });
      } else {
        unanswered.push(item);
      }
    }
    if (turn === 0) {
      refuseWhereNothingWorks(prepared, system, asked.length, unanswered);
      services.events.stage("answer", system.spec.id, samples.length, kept);
    } else {
      for (let count = 0; count < kept; count += 1) {
        services.events.tick("done");
      }
    }
    for (const record of unanswered) {
      await keepUnanswered(record, keep, failures, services);
    }
    for (let start = 0; start < todo.length; start += windowSize) {
      await answerWindow(system, model, todo.slice(start, start + windowSize), keep, failures, services);
    }
  }
  return samples.flatMap((sample) => records.get(sample.id) ?? []);
}

async function keepUnanswered(
  record: AnswerRecord,
  keep: (record: AnswerRecord) => Promise<void>,
  failures: FailureLimit,
  services: RunServices,
): Promise<void> {
  await keep(record);
  if (record.status === "answered") {
    return;
  }
  services.events.tick(record.status);
  if (record.status === "failed") {
    // With the stack of what the strategy threw; the log keeps it.
    services.log("warn", record.reason.message);
    if (record.reason.stack !== undefined) {
      services.log("debug", record.reason.stack);
    }
    failures.add(record.reason.message);
  } else {
    services.events.note(record.reason.message);
  }
}

/**
 * A strategy that shows examples may find too few for one question only (its own answer is never among them). That is the
 * experiment's fault and not the question's, so it shows before anything is generated.
 */
async function refuseTooFewExamples(
  prepared: PreparedExperiment,
  models: OpenModels,
  services: RunServices,
): Promise<void> {
  const conversations = new Conversations(prepared.selection.samples);
  for (const system of prepared.systems.filter(({ strategy }) => strategy.prepare !== undefined)) {
    const model = modelOf(models, system.spec.model);
    for (const sample of conversations.turns()[0] ?? []) {
      throwIfAborted(services.signal);
      const item = await prepareItem(prepared, system, model, sample, conversations, new Map());
      if (!("prompt" in item) && item.status === "failed" && item.reason.code === "EXAMPLES_TOO_FEW") {
        throw new UnshiftError("EXAMPLES_TOO_FEW", item.reason.message, {
          where: prepared.loaded.where(system.spec.strategy.path),
          hint: "Lower `k`, or name more examples. Nothing was generated.",
        });
      }
    }
  }
}

/** One sample may fail; where every one fails for the same reason it is the experiment that is wrong, and the run stops. */
function refuseWhereNothingWorks(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  samples: number,
  unanswered: readonly AnswerRecord[],
): void {
  const [first, ...others] = unanswered.flatMap((record) => (record.status === "failed" ? [record.reason] : []));
  if (first === undefined || others.length + 1 < samples || others.some(({ code }) => code !== first.code)) {
    return;
  }
  const code = (first.code in errorCatalogue ? first.code : "STRATEGY_FAILED") as ErrorCode;
  throw new UnshiftError(code, samples === 1 ? first.message : `all ${samples} samples fail alike: ${first.message}`, {
    where: prepared.loaded.where(system.spec.strategy.path),
    hint: `Nothing can be answered by system "${system.spec.id}".`,
  });
}

async function answerWindow(
  system: PreparedSystem,
  model: OpenModel,
  items: readonly Work[],
  keep: (record: AnswerRecord) => Promise<void>,
  failures: FailureLimit,
  services: RunServices,
): Promise<void> {
  const writes: Promise<void>[] = [];
  const fault = new AbortController();
  const done = (index: number, generated: GeneratedAnswer) => {
    const item = items[index];
    if (item === undefined) {
      throw new UnshiftError("INTERNAL", `the engine answered item ${index} of ${items.length}`);
    }
    const record = recordOf(system, model, item, generated);
    const written = record.status === "answered" ? keep(record) : keepUnanswered(record, keep, failures, services);
    // An answer that cannot be stored (a full disk), or one failure too many, ends the generation of the others.
    writes.push(written.catch((error: unknown) => fault.abort(error)));
    if (record.status === "answered") {
      services.events.tick("done");
    }
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

/**
 * An answer as it is kept: what the strategy reads out of the text, and whether it ends in a runaway repetition. Where the
 * strategy cannot read it, the sample fails and what was generated is kept.
 */
function recordOf(system: PreparedSystem, model: OpenModel, item: Work, generated: GeneratedAnswer): AnswerRecord {
  const { spec, strategy, owner } = system;
  const { text, raw, finishReason, rawIds } = generated;
  const base = { key: item.key, system: spec.id, sampleId: item.sample.id };
  const failed = (fault: string, stack?: string): AnswerRecord => ({
    ...base,
    status: "failed",
    reason: {
      code: "STRATEGY_FAILED",
      message: `system "${spec.id}", sample ${JSON.stringify(item.sample.id)}: strategy "${spec.strategy.use}" of ${owner} ${fault} while it read the answer`,
      ...(stack === undefined ? {} : { stack }),
    },
    raw,
    promptTokens: item.prompt.ids.length,
    contextSize: model.view.contextSize,
  });
  let extracted: unknown = text;
  try {
    extracted = strategy.extract?.({ text, raw, finishReason }) ?? text;
  } catch (error) {
    return failed(`threw ${faultOf(error)}`, error instanceof Error ? error.stack : undefined);
  }
  if (typeof extracted !== "string") {
    return failed(`gave ${typeof extracted}, not a text,`);
  }
  const repetition = repetitionOf(rawIds);
  return {
    ...base,
    status: "answered",
    prompt: promptRecord(item.prompt),
    ...generated,
    text: extracted,
    ...(repetition === null ? {} : { repetition }),
  };
}

function slot(system: string, sampleId: string): string {
  return `${system}\0${sampleId}`;
}
