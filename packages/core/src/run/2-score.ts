import {
  type AnswerRecord,
  type ComparisonRecord,
  isUnshiftError,
  type PositionColumns,
  type Sample,
  UnshiftError,
} from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import { promptRecord } from "./build-prompt.js";
import { Conversations } from "./conversation.js";
import { FailureLimit } from "./failure-limit.js";
import type { OpenModels } from "./open-models.js";
import { type ComparisonWork, isCompared, planComparison } from "./plan-comparison.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";
import { type Shift, shiftsOf } from "./shift.js";

/** Codes of engine errors that concern one sample; any other ends the run. */
const sampleErrors = new Set([
  "TOKENIZE_UNKNOWN_CHARACTER",
  "CONTEXT_TOO_SMALL",
  "STRATEGY_FAILED",
  "VOCABULARY_MISMATCH",
]);

/** Stage 2: every answer of a shift is forced under both prompts; positions that are there already are kept. */
export async function score(
  prepared: PreparedExperiment,
  models: OpenModels,
  answers: readonly AnswerRecord[],
  store: RunStore,
  services: RunServices,
): Promise<Map<string, ComparisonRecord[]>> {
  const stage: Stage = {
    prepared,
    conversations: new Conversations(prepared.selection.samples),
    samples: new Map(prepared.selection.samples.map((sample) => [sample.id, sample])),
    stored: new Map((await store.comparisons()).map((record) => [`${record.shift}\0${record.sampleId}`, record])),
    scored: await store.positionKeys(),
    failures: new FailureLimit(prepared.loaded.experiment.maxFailures, "score"),
    store,
    services,
  };
  const result = new Map<string, ComparisonRecord[]>();
  try {
    for (const shift of shiftsOf(prepared, models)) {
      const own = answers.filter((record) => record.system === shift.answers);
      result.set(shift.id, await scoreShift(stage, shift, own));
    }
  } finally {
    await store.flushPositions();
  }
  return result;
}

/** What all shifts of the stage share. */
interface Stage {
  readonly prepared: PreparedExperiment;
  readonly conversations: Conversations;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly stored: ReadonlyMap<string, ComparisonRecord>;
  /** Keys of blocks on disk. */
  readonly scored: ReadonlySet<string>;
  readonly failures: FailureLimit;
  readonly store: RunStore;
  readonly services: RunServices;
}

async function scoreShift(stage: Stage, shift: Shift, answers: readonly AnswerRecord[]): Promise<ComparisonRecord[]> {
  const { prepared, services, store } = stage;
  const bySample = new Map(answers.map((answer) => [answer.sampleId, answer]));
  const planned: { sample: Sample; item: Awaited<ReturnType<typeof planComparison>> }[] = [];
  for (const answer of answers) {
    throwIfAborted(services.signal);
    const sample = stage.samples.get(answer.sampleId);
    if (sample !== undefined) {
      const item = await planComparison(prepared, shift, answer, sample, stage.conversations, bySample);
      planned.push({ sample, item });
    }
  }
  const before = (sample: Sample) => stage.stored.get(`${shift.id}\0${sample.id}`);
  const cached = planned.filter(({ item, sample }) => isCompared(before(sample), item.key, stage.scored)).length;
  services.events.stage("score", shift.id, planned.length, cached);

  const records: ComparisonRecord[] = [];
  for (const { sample, item } of planned) {
    throwIfAborted(services.signal);
    const known = before(sample);
    if (isCompared(known, item.key, stage.scored)) {
      records.push(known);
      continue;
    }
    const record = "record" in item ? item.record : await compareItem(stage, shift, sample, item);
    await store.appendComparison(record);
    records.push(record);
    services.events.tick(record.status === "scored" ? "done" : record.status);
    if (record.reason !== null && record.status === "failed") {
      services.events.note(record.reason.message);
      // An answer that failed was counted when it did.
      if (bySample.get(sample.id)?.status === "answered") {
        stage.failures.add(record.reason.message);
      }
    }
  }
  return records;
}

async function compareItem(
  stage: Stage,
  shift: Shift,
  sample: Sample,
  work: ComparisonWork,
): Promise<ComparisonRecord> {
  const { answer, subject, key } = work;
  const record: ComparisonRecord = {
    key,
    shift: shift.id,
    sampleId: sample.id,
    status: "scored",
    positions: answer.ids.length,
    reason: null,
    subjectPrompt: promptRecord(subject),
  };
  // The part was renamed but the record did not make it to disk: the positions stand.
  if (stage.scored.has(key)) {
    return record;
  }
  try {
    const started = performance.now();
    const columns = await columnsOf(stage, shift, work);
    const durationMs = performance.now() - started;
    await stage.store.writePositions({
      key,
      shift: shift.id,
      sampleId: sample.id,
      columns,
      token: (id) => shift.tokenizer.token(id),
    });
    return { ...record, durationMs };
  } catch (error) {
    if (!isUnshiftError(error) || !sampleErrors.has(error.code)) {
      throw error;
    }
    const message = `shift ${shift.id}, sample ${JSON.stringify(sample.id)}: ${error.message}`;
    return { ...record, status: "failed", positions: 0, reason: { code: error.code, message } };
  }
}

/** Both distributions at every position, or the subject's alone where the answer came without a model. */
function columnsOf({ prepared, services }: Stage, shift: Shift, work: ComparisonWork): Promise<PositionColumns> {
  const { engine, loaded } = prepared;
  const { answer, subject } = work;
  const item = {
    subjectPrompt: { ids: subject.ids, prefixLength: subject.prefixLength },
    answerIds: Int32Array.from(answer.ids),
    topK: loaded.experiment.topK,
  };
  const { signal } = services;
  if (shift.reference !== null) {
    const referencePrompt = { ids: Int32Array.from(answer.prompt.ids), prefixLength: answer.prompt.prefixLength };
    return engine.compare(shift.reference.model, shift.subjectModel, { ...item, referencePrompt }, { signal });
  }
  if (engine.score === undefined) {
    throw new UnshiftError("VOCABULARY_MISMATCH", "the engine cannot score answers that came without a model");
  }
  return engine.score(shift.subjectModel, item, { signal });
}
