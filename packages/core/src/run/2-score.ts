import {
  type AnswerRecord,
  type ComparisonRecord,
  isUnshiftError,
  type PositionColumns,
  type Sample,
  UnshiftError,
} from "@unshift/contracts";
import type { ComparedInTurn, RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import { promptRecord } from "./build-prompt.js";
import { Conversations } from "./conversation.js";
import { FailureLimit } from "./failure-limit.js";
import type { OpenModels, Residency } from "./open-models.js";
import { type ComparisonWork, isCompared, planComparison } from "./plan-comparison.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";
import { type Shift, shiftsOf } from "./shift.js";
import { waitingRows } from "./waiting-rows.js";

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
  residency: Residency = "together",
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
    residency,
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
  readonly residency: Residency;
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

  const records = new Map<string, ComparisonRecord>();
  const keep = async (sample: Sample, record: ComparisonRecord) => {
    await store.appendComparison(record);
    records.set(sample.id, record);
    services.events.tick(record.status === "scored" ? "done" : record.status);
    if (record.reason !== null && record.status === "failed") {
      services.events.note(record.reason.message);
      // An answer that failed was counted when it did.
      if (bySample.get(sample.id)?.status === "answered") {
        stage.failures.add(record.reason.message);
      }
    }
  };
  const turns: { sample: Sample; work: ComparisonWork }[] = [];
  for (const { sample, item } of planned) {
    throwIfAborted(services.signal);
    const known = before(sample);
    if (isCompared(known, item.key, stage.scored)) {
      records.set(sample.id, known);
    } else if ("record" in item) {
      await keep(sample, item.record);
    } else if (takesTurns(stage, shift) && !stage.scored.has(item.key)) {
      turns.push({ sample, work: item });
    } else {
      await keep(sample, await compareItem(stage, shift, sample, item, () => columnsOf(stage, shift, item)));
    }
  }
  if (turns.length > 0) {
    await compareTurns(stage, shift, turns, keep);
  }
  return planned.flatMap(({ sample }) => records.get(sample.id) ?? []);
}

/** Two models of which one at a time is in memory. */
function takesTurns({ residency }: Stage, { reference, subjectModel }: Shift): boolean {
  return residency === "sequential" && reference !== null && reference.model !== subjectModel;
}

/** Compares with one model in memory at a time; the reference's logits wait in the run folder. */
async function compareTurns(
  stage: Stage,
  shift: Shift,
  turns: readonly { readonly sample: Sample; readonly work: ComparisonWork }[],
  keep: (sample: Sample, record: ComparisonRecord) => Promise<void>,
): Promise<void> {
  const { engine, loaded } = stage.prepared;
  if (engine.compareInTurn === undefined || shift.reference === null) {
    throw new UnshiftError("INTERNAL", `shift ${shift.id} cannot be compared one model at a time`);
  }
  const rows = await waitingRows(stage.store.folder, loaded.experiment.residency);
  const items = turns.map(({ work }) => ({
    key: work.key,
    ...itemOf(stage, work),
    referencePrompt: { ids: Int32Array.from(work.answer.prompt.ids), prefixLength: work.answer.prompt.prefixLength },
  }));
  await engine.compareInTurn(shift.reference.model, shift.subjectModel, items, {
    signal: stage.services.signal,
    rows,
    onDone: async (index, outcome) => {
      const turn = turns[index];
      if (turn === undefined) {
        throw new UnshiftError("INTERNAL", `the engine compared item ${index} of ${turns.length}`);
      }
      const columns = async () => {
        if ("error" in outcome) throw outcome.error;
        return outcome.columns;
      };
      const record = await compareItem(stage, shift, turn.sample, turn.work, columns);
      await keep(turn.sample, "error" in outcome ? record : { ...record, ...told(outcome) });
    },
    // Rows are removed behind this: what was read from them has to be on disk by then.
    onGroup: () => stage.store.flushPositions(),
  });
}

async function compareItem(
  stage: Stage,
  shift: Shift,
  sample: Sample,
  work: ComparisonWork,
  compare: () => Promise<PositionColumns>,
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
    const columns = await compare();
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

function told({ durationMs, rounding }: Extract<ComparedInTurn, { readonly durationMs: number }>) {
  return { durationMs, ...(rounding === undefined ? {} : { rounding }) };
}

/** How far rounding moved rows of any comparison at most, for people; null where nothing was rounded. */
export function roundingNote(comparisons: readonly ComparisonRecord[]): string | null {
  const rounded = comparisons.flatMap(({ rounding }) => rounding ?? []);
  if (rounded.length === 0) {
    return null;
  }
  const most = (name: "tv" | "kl") => Math.max(...rounded.map((rounding) => rounding[name])).toPrecision(2);
  return `logits waited as f16: rounding moved no distribution of a reference by more than ${most("tv")} in total variation and ${most("kl")} nats in KL`;
}

/** Both distributions at every position, or the subject's alone where the answer came without a model. */
function columnsOf(stage: Stage, shift: Shift, work: ComparisonWork): Promise<PositionColumns> {
  const { engine } = stage.prepared;
  const { answer } = work;
  const item = itemOf(stage, work);
  const { signal } = stage.services;
  if (shift.reference !== null) {
    const referencePrompt = { ids: Int32Array.from(answer.prompt.ids), prefixLength: answer.prompt.prefixLength };
    return engine.compare(shift.reference.model, shift.subjectModel, { ...item, referencePrompt }, { signal });
  }
  if (engine.score === undefined) {
    throw new UnshiftError("VOCABULARY_MISMATCH", "the engine cannot score answers that came without a model");
  }
  return engine.score(shift.subjectModel, item, { signal });
}

function itemOf({ prepared }: Stage, { answer, subject }: ComparisonWork) {
  return {
    subjectPrompt: { ids: subject.ids, prefixLength: subject.prefixLength },
    answerIds: Int32Array.from(answer.ids),
    topK: prepared.loaded.experiment.topK,
  };
}
