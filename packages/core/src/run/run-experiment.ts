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
import { roundingNote, score } from "./2-score.js";
import { judge } from "./3-judge.js";
import { analyse } from "./4-analyse.js";
import { type ReportOutcome, report } from "./5-report.js";
import { fetchModels } from "./fetch-models.js";
import { type JudgeEngines, openJudgeEngines } from "./judge-engines.js";
import { type JudgingCost, judgingCosts } from "./judging-costs.js";
import { manifestOf } from "./manifest-of.js";
import { type OpenModels, openModels, type Residency } from "./open-models.js";
import { planMemory, requireMemory } from "./plan-memory.js";
import { prepareJudges, Rankers } from "./prepare-judges.js";
import { prepareStrategies } from "./prepare-strategies.js";
import { type PreparedExperiment, prepareExperiment } from "./prepared-experiment.js";
import { RunLog } from "./run-log.js";
import type { RunServices } from "./run-services.js";
import { type Shift, shiftsOf } from "./shift.js";
import { readRun } from "./stored-run.js";

/** What a finished run left behind. */
export interface RunOutcome {
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly answers: readonly AnswerRecord[];
  readonly comparisons: readonly ComparisonRecord[];
  readonly verdicts: readonly VerdictRecord[];
  /** By id of the judge engine. */
  readonly judging: Readonly<Record<string, JudgingCost>>;
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
    const memory = await planMemory(prepared);
    const remarks = requireMemory(memory, prepared);
    const models = await openModels(prepared, services, memory.residency);
    const compared = notesOf(prepared, models);
    const strategies = await prepareStrategies(prepared, prepared.systems, models, services);
    const rankers = new Rankers(prepared, services);
    try {
      const notes = {
        run: [...remarks, ...compared, ...strategies.notes],
        judges: await prepareJudges(prepared, rankers, services),
      };
      for (const note of [...notes.run, ...notes.judges]) {
        services.events.note(note);
      }
      const engines = await openJudgeEngines(prepared, models);
      const manifest = manifestOf(prepared, models, engines, services, notes, memory.residency);
      const store = await services.store.create(loaded.experiment.output, manifest);
      log.attach(store);
      try {
        return await runStages(prepared, models, engines, store, manifest, memory.residency, services);
      } finally {
        await store.close();
      }
    } finally {
      await rankers.dispose();
      await strategies.dispose();
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
  engines: JudgeEngines,
  store: RunStore,
  manifest: Manifest,
  residency: Residency,
  services: RunServices,
): Promise<RunOutcome> {
  const { format: _format, experimentKey: _key, createdAt: _created, ...current } = manifest;
  // Who rated stands in the folder, not in the experiment file.
  const { annotators } = store.manifest().experiment;
  await store.updateManifest({
    ...current,
    experiment: { ...current.experiment, ...(annotators === undefined ? {} : { annotators }) },
  });
  await store.writeSamples(prepared.selection.samples);
  for (const model of models.values()) {
    const tokens = Array.from({ length: model.identity.vocabularySize }, (_, id) => model.token(id));
    await store.writeVocabulary(model.identity.vocabularyHash, tokens);
  }

  const answers = await answer(prepared, models, store, services);
  const comparisons = await score(prepared, models, answers, store, services, residency);
  const rounding = roundingNote([...comparisons.values()].flat());
  if (rounding !== null) {
    services.events.note(rounding);
    await store.updateManifest({ notes: [...manifest.notes, rounding] });
  }
  const verdicts = await judge(prepared, engines, answers, store, services);

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
    judging: judgingCosts(prepared, await store.replies()),
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
  for (const { id, generator, missing } of writtenFacts(prepared)) {
    notes.add(
      `the answers of "${id}" were made elsewhere${generator}: their text was tokenised anew, so ids and ends may differ from the original ones${missing}`,
    );
  }
  for (const twins of sameSubjects(prepared)) {
    notes.add(
      `${twins.join(" and ")} differ only in decoding, which plays no part where given answers are read: as subjects they show the same figures`,
    );
  }
  for (const [index, spec] of prepared.shifts.entries()) {
    for (const shift of shiftsOf({ ...prepared, shifts: [spec] }, models)) {
      try {
        requireSameIds(prepared, shift);
        const match = prepared.engine.matchVocabulary(shift.tokenizer, shift.subjectModel);
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

/** Subjects of one shift that are the same model under the same strategy. */
function sameSubjects({ shifts, systems }: PreparedExperiment): string[][] {
  return shifts.flatMap(({ subjects }) => {
    const groups = new Map<string, string[]>();
    for (const id of subjects) {
      const system = systems.find(({ spec }) => spec.id === id);
      const key = JSON.stringify([system?.spec.model, system?.spec.strategy.use, system?.strategyOptions]);
      groups.set(key, [...(groups.get(key) ?? []), id]);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  });
}

/** Answers without a model are tokenised once, so every subject must mean the same by an id. */
function requireSameIds({ engine }: PreparedExperiment, shift: Shift): void {
  if (shift.reference !== null || shift.tokenizer === shift.subjectModel) {
    return;
  }
  if (engine.matchVocabulary(shift.tokenizer, shift.subjectModel).relation !== "identical") {
    throw new UnshiftError(
      "VOCABULARY_MISMATCH",
      `the answers of "${shift.answers}" are tokenised by model "${shift.tokenizer.name}", whose vocabulary is not that of "${shift.subjectModel.name}"`,
      { hint: "Name the answers as two systems, one for each vocabulary." },
    );
  }
}

/** Of every system whose answers come from a file: who wrote them, and how many samples it does not answer. */
function writtenFacts({ written, selection }: PreparedExperiment) {
  return [...written].map(([id, { bySample, unused }]) => {
    const generators = new Set([...bySample.values()].flatMap(({ generator }) => generator ?? []));
    const missing = selection.samples.length - bySample.size;
    return {
      id,
      generator:
        generators.size === 0 || (generators.size === 1 && generators.has(id))
          ? ""
          : ` by ${[...generators].join(", ")}`,
      missing:
        (missing > 0 ? `; ${missing} of ${selection.samples.length} samples have none` : "") +
        (unused > 0 ? `; ${unused} belong to no sample of this run` : ""),
    };
  });
}

function aborted(cause: unknown): UnshiftError {
  return new UnshiftError("ABORTED", "interrupted; finished items are saved and the same command continues", { cause });
}
