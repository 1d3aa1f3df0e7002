import { type AnswerRecord, type ComparisonRecord, isUnshiftError, type Sample, shiftId } from "@unshift/contracts";
import type { OpenModel, RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./1-answer.js";
import { buildPrompt, promptRecord } from "./build-prompt.js";
import { keyOf } from "./key.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Codes of engine errors that concern one sample; any other ends the run. */
const sampleErrors = new Set([
  "TOKENIZE_UNKNOWN_CHARACTER",
  "CONTEXT_TOO_SMALL",
  "STRATEGY_FAILED",
  "VOCABULARY_MISMATCH",
]);

/** One shift as the stage works on it. */
export interface Shift {
  readonly id: string;
  readonly answers: PreparedSystem;
  readonly subject: PreparedSystem;
  readonly referenceModel: OpenModel;
  readonly subjectModel: OpenModel;
}

/** Stage 2: every answer of a shift is forced under both prompts; positions that are there already are kept. */
export async function score(
  prepared: PreparedExperiment,
  models: OpenModels,
  answers: readonly AnswerRecord[],
  store: RunStore,
  services: RunServices,
): Promise<Map<string, ComparisonRecord[]>> {
  const samples = new Map(prepared.selection.samples.map((sample) => [sample.id, sample]));
  const stored = new Map((await store.comparisons()).map((record) => [`${record.shift}\0${record.sampleId}`, record]));
  const scored = await store.positionKeys();
  const result = new Map<string, ComparisonRecord[]>();
  try {
    for (const shift of shiftsOf(prepared, models)) {
      const own = answers.filter((record) => record.system === shift.answers.spec.id);
      result.set(shift.id, await scoreShift(prepared, shift, own, samples, stored, scored, store, services));
    }
  } finally {
    await store.flushPositions();
  }
  return result;
}

/** The shifts of an experiment, one for each subject, with the models they need. */
export function shiftsOf(prepared: PreparedExperiment, models: OpenModels): Shift[] {
  const system = (id: string) => {
    const found = prepared.systems.find(({ spec }) => spec.id === id);
    if (found === undefined) {
      throw new Error(`system "${id}" is not prepared`);
    }
    return found;
  };
  return prepared.shifts.flatMap((spec) =>
    spec.subjects.map((subjectId) => {
      const answers = system(spec.answers);
      const subject = system(subjectId);
      return {
        id: shiftId(spec.answers, subjectId),
        answers,
        subject,
        referenceModel: modelOf(models, answers.spec.model),
        subjectModel: modelOf(models, subject.spec.model),
      };
    }),
  );
}

async function scoreShift(
  prepared: PreparedExperiment,
  shift: Shift,
  answers: readonly AnswerRecord[],
  samples: ReadonlyMap<string, Sample>,
  stored: ReadonlyMap<string, ComparisonRecord>,
  scored: ReadonlySet<string>,
  store: RunStore,
  services: RunServices,
): Promise<ComparisonRecord[]> {
  const planned: { sample: Sample; item: Awaited<ReturnType<typeof planItem>> }[] = [];
  for (const answer of answers) {
    throwIfAborted(services.signal);
    const sample = samples.get(answer.sampleId);
    if (sample !== undefined) {
      planned.push({ sample, item: await planItem(prepared, shift, answer, sample) });
    }
  }
  const isDone = (record: ComparisonRecord | undefined, key: string): record is ComparisonRecord =>
    isCompared(record, key, scored);
  const cached = planned.filter(({ item, sample }) => isDone(stored.get(`${shift.id}\0${sample.id}`), item.key)).length;
  services.events.stage("score", shift.id, planned.length, cached);

  const records: ComparisonRecord[] = [];
  for (const { sample, item } of planned) {
    throwIfAborted(services.signal);
    const before = stored.get(`${shift.id}\0${sample.id}`);
    if (isDone(before, item.key)) {
      records.push(before);
      continue;
    }
    const record =
      "record" in item ? item.record : await compareItem(prepared, shift, sample, item, scored, store, services);
    await store.appendComparison(record);
    records.push(record);
    services.events.tick(record.status === "scored" ? "done" : record.status);
    if (record.reason !== null && record.status === "failed") {
      services.events.note(record.reason.message);
    }
  }
  return records;
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

interface CompareWork {
  readonly key: string;
  readonly answer: Extract<AnswerRecord, { status: "answered" }>;
  readonly subject: Awaited<ReturnType<typeof buildPrompt>>;
}

/** What is to be compared under which key, or the record that says why nothing is. */
export async function planItem(
  prepared: PreparedExperiment,
  shift: Shift,
  answer: AnswerRecord,
  sample: Sample,
): Promise<CompareWork | { readonly key: string; readonly record: ComparisonRecord }> {
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
  let subject: CompareWork["subject"];
  try {
    subject = await buildPrompt(shift.subject, shift.subjectModel, sample);
  } catch (error) {
    if (!isUnshiftError(error) || error.code === "ABORTED") {
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
  for (const [side, promptTokens, model] of [
    ["reference", answer.prompt.ids.length, shift.referenceModel],
    ["subject", subject.ids.length, shift.subjectModel],
  ] as const) {
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
  shift: Shift,
  answer: CompareWork["answer"],
  subject: CompareWork["subject"],
): string {
  const { experiment } = prepared.loaded;
  const spec = (id: string) => experiment.models.find((model) => model.id === id);
  const side = (model: OpenModel, id: string, ids: readonly number[], prefixLength: number) => ({
    model: model.identity.fileHash,
    contextSize: model.view.contextSize,
    chunkSize: spec(id)?.chunkSize ?? null,
    gpuLayers: spec(id)?.gpuLayers ?? null,
    promptIds: ids,
    prefixLength,
  });
  return keyOf({
    kind: "comparison",
    shift: shift.id,
    sampleId: answer.sampleId,
    engine: prepared.engine.identity,
    numerics: experiment.numerics,
    topK: experiment.topK,
    reference: side(shift.referenceModel, shift.answers.spec.model, answer.prompt.ids, answer.prompt.prefixLength),
    subject: side(shift.subjectModel, shift.subject.spec.model, Array.from(subject.ids), subject.prefixLength),
    answerIds: answer.ids,
  });
}

async function compareItem(
  prepared: PreparedExperiment,
  shift: Shift,
  sample: Sample,
  work: CompareWork,
  scored: ReadonlySet<string>,
  store: RunStore,
  services: RunServices,
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
  if (scored.has(key)) {
    return record;
  }
  try {
    const columns = await prepared.engine.compare(
      shift.referenceModel,
      shift.subjectModel,
      {
        referencePrompt: { ids: Int32Array.from(answer.prompt.ids), prefixLength: answer.prompt.prefixLength },
        subjectPrompt: { ids: subject.ids, prefixLength: subject.prefixLength },
        answerIds: Int32Array.from(answer.ids),
        topK: prepared.loaded.experiment.topK,
      },
      { signal: services.signal },
    );
    await store.writePositions({
      key,
      shift: shift.id,
      sampleId: sample.id,
      columns,
      token: (id) => shift.referenceModel.token(id),
    });
    return record;
  } catch (error) {
    if (!isUnshiftError(error) || !sampleErrors.has(error.code)) {
      throw error;
    }
    const message = `shift ${shift.id}, sample ${JSON.stringify(sample.id)}: ${error.message}`;
    return { ...record, status: "failed", positions: 0, reason: { code: error.code, message } };
  }
}
