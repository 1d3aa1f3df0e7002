import {
  type AnswerRecord,
  type ComparisonRecord,
  isUnshiftError,
  type Table,
  UnshiftError,
  type VerdictRecord,
} from "@unshift/contracts";
import type { Manifest, RunStore } from "@unshift/contracts/services";
import type { LoadedExperiment } from "../config/experiment.js";
import { answer } from "./1-answer.js";
import { score, shiftsOf } from "./2-score.js";
import { judge } from "./3-judge.js";
import { analyse } from "./4-analyse.js";
import { type ReportOutcome, report } from "./5-report.js";
import { fetchModels } from "./fetch-models.js";
import { manifestOf } from "./manifest-of.js";
import { type OpenModels, openModels } from "./open-models.js";
import { type PreparedExperiment, prepareExperiment } from "./prepared-experiment.js";
import { RunLog } from "./run-log.js";
import type { RunServices } from "./run-services.js";
import { readRun } from "./stored-run.js";

/** What a finished run left behind. */
export interface RunOutcome {
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly answers: readonly AnswerRecord[];
  readonly comparisons: readonly ComparisonRecord[];
  readonly verdicts: readonly VerdictRecord[];
  readonly tables: readonly Table[];
  readonly reports: readonly string[];
  readonly failedReports: ReportOutcome["failed"];
}

/**
 * Runs an experiment or continues it: config faults show before a model is opened, model faults before anything is written,
 * and every item is kept as it ends.
 */
export async function runExperiment(loaded: LoadedExperiment, given: RunServices): Promise<RunOutcome> {
  const log = new RunLog(given);
  const services: RunServices = { ...given, log: log.write, now: () => given.now() };
  const created = await prepareExperiment(loaded, services);
  try {
    await services.store.probe(loaded.experiment.output);
    const prepared = await fetchModels(created, services);
    const models = await openModels(prepared, services);
    const notes = notesOf(prepared, models);
    for (const note of notes) {
      services.events.note(note);
    }
    const manifest = manifestOf(prepared, models, services, notes);
    const store = await services.store.create(loaded.experiment.output, manifest);
    log.attach(store);
    try {
      return await runStages(prepared, models, store, manifest, services);
    } finally {
      await store.close();
    }
  } catch (error) {
    throw services.signal.aborted && !(isUnshiftError(error) && error.code === "ABORTED") ? aborted(error) : error;
  } finally {
    await created.engine.dispose();
  }
}

async function runStages(
  prepared: PreparedExperiment,
  models: OpenModels,
  store: RunStore,
  manifest: Manifest,
  services: RunServices,
): Promise<RunOutcome> {
  const { format: _format, experimentKey: _key, createdAt: _created, ...current } = manifest;
  await store.updateManifest(current);
  await store.writeSamples(prepared.selection.samples);
  for (const model of models.values()) {
    const tokens = Array.from({ length: model.identity.vocabularySize }, (_, id) => model.token(id));
    await store.writeVocabulary(model.identity.vocabularyHash, tokens);
  }

  const answers = await answer(prepared, models, store, services);
  const comparisons = await score(prepared, models, answers, store, services);
  const verdicts = await judge(prepared, answers, store, services);

  const run = await readRun(store);
  services.events.stage("analyse", "tables", 1, 0);
  const tables = await analyse(run, prepared.analyses, store, services.signal);
  services.events.tick("done");
  const reported = await report(run, tables, prepared.reporters, store, services);
  return {
    folder: store.folder,
    manifest: run.manifest,
    answers,
    comparisons: [...comparisons.values()].flat(),
    verdicts,
    tables,
    reports: reported.paths,
    failedReports: reported.failed,
  };
}

/** What people should see beside the figures. Vocabularies that cannot be compared are refused here. */
export function notesOf(prepared: PreparedExperiment, models: OpenModels): string[] {
  const notes = new Set<string>();
  if (prepared.selection.note !== null) {
    notes.add(prepared.selection.note);
  }
  for (const [index, spec] of prepared.shifts.entries()) {
    for (const shift of shiftsOf({ ...prepared, shifts: [spec] }, models)) {
      try {
        const match = prepared.engine.matchVocabulary(shift.referenceModel, shift.subjectModel);
        if (match.note !== null) {
          notes.add(match.note);
        }
      } catch (error) {
        if (isUnshiftError(error) && error.where === undefined) {
          const where = prepared.loaded.where(["shifts", index]);
          throw new UnshiftError(error.code, error.message, { where, hint: error.hint, cause: error });
        }
        throw error;
      }
    }
  }
  return [...notes];
}

function aborted(cause: unknown): UnshiftError {
  return new UnshiftError("ABORTED", "interrupted; finished items are saved and the same command continues", { cause });
}
