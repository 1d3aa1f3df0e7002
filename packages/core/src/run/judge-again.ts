import { type AnswerRecord, type Sample, type Table, UnshiftError, type VerdictRecord } from "@unshift/contracts";
import type { Manifest, RunStore } from "@unshift/contracts/services";
import type { LoadedExperiment } from "../config/experiment.js";
import { type JudgingMode, judge } from "./3-judge.js";
import { analyse } from "./4-analyse.js";
import { report } from "./5-report.js";
import { fetchModels } from "./fetch-models.js";
import { openJudgeEngines } from "./judge-engines.js";
import { type JudgingCost, judgingCosts } from "./judging-costs.js";
import { judgesOf } from "./manifest-of.js";
import { tellMissingVerdicts } from "./missing-verdicts.js";
import { openModels } from "./open-models.js";
import { prepareJudges, Rankers } from "./prepare-judges.js";
import { type PreparedExperiment, prepareExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";
import { readRun } from "./stored-run.js";

export interface JudgedRun {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly verdicts: readonly VerdictRecord[];
  /** By id of the judge engine. */
  readonly judging: Readonly<Record<string, JudgingCost>>;
  readonly tables: readonly Table[];
  readonly reports: readonly string[];
}

/**
 * Judges the answers of a run folder by the experiment's judges, then makes tables and report anew. Nothing is generated or
 * compared; a model is opened only where it is itself a judge.
 *
 * @throws RUN_NOT_FOUND, RUN_UNFINISHED, JUDGE_…
 */
export async function judgeAgain(
  loaded: LoadedExperiment,
  services: RunServices,
  how: JudgingMode,
): Promise<JudgedRun> {
  const created = await prepareExperiment(loaded, services, { asking: how.reparse !== true });
  try {
    const store = await services.store.open(loaded.experiment.output);
    const rankers = new Rankers(created, services);
    try {
      const prepared = await fetchModels(judgesOnly(created), services);
      const models = await openModels(prepared, services);
      const answers = await completeAnswers(created, store);
      const notes = await prepareJudges(prepared, rankers, services);
      for (const note of notes) {
        services.events.note(note);
      }
      const engines = await openJudgeEngines(prepared, models);
      // Before the first verdict: from now on those of other judges do not count, also where this is stopped half-way.
      const manifest = store.manifest();
      await store.updateManifest({
        experiment: { ...manifest.experiment, ...judgesOf(created, engines, notes) },
        notes: [...otherNotes(manifest, notes), ...notes],
      });
      await keepSamples(created, store);
      const verdicts = await judge(prepared, engines, answers, store, services, how);
      const run = await readRun(store);
      tellMissingVerdicts(run, services.events);
      const tables = await analyse(run, created.analyses, store, services.signal);
      const { paths } = await report(run, tables, created.reporters, store, services);
      return {
        folder: store.folder,
        manifest: run.manifest,
        verdicts,
        judging: judgingCosts(created, await store.replies()),
        tables,
        reports: paths,
      };
    } finally {
      await rankers.dispose();
      await store.close();
    }
  } finally {
    await created.engine.dispose();
  }
}

/** The notes of a run that are of none of its judges, before or now. Folders that do not say whose a note is keep all of them. */
function otherNotes({ experiment, notes }: Manifest, now: readonly string[]): readonly string[] {
  const before = (experiment["judgeNotes"] ?? []) as readonly string[];
  return notes.filter((note) => !before.includes(note) && !now.includes(note));
}

/** The experiment without its systems, so that only the models that judge are opened. */
function judgesOnly(prepared: PreparedExperiment): PreparedExperiment {
  const { loaded } = prepared;
  return {
    ...prepared,
    loaded: { ...loaded, where: loaded.where.bind(loaded), experiment: { ...loaded.experiment, systems: [] } },
  };
}

/** References and tags are judged as the dataset has them now, and stand in the folder as they were judged. */
async function keepSamples({ selection }: PreparedExperiment, store: RunStore): Promise<void> {
  const stored = await store.samples();
  const now = new Map(selection.samples.map((sample) => [sample.id, sample]));
  const kept = stored.map((sample) => now.get(sample.id) ?? sample);
  if (JSON.stringify(kept) !== JSON.stringify(stored)) {
    await store.writeSamples(kept);
  }
}

/** The answers to the experiment's samples. One to a sample that asks something else by now is no answer to it. */
async function completeAnswers(prepared: PreparedExperiment, store: RunStore): Promise<AnswerRecord[]> {
  const answers = await store.answers();
  const stored = new Map((await store.samples()).map((sample) => [sample.id, sample]));
  const systems = [...prepared.systems.map(({ spec }) => spec.id), ...prepared.recorded.map(({ id }) => id)];
  const samples = new Set(prepared.selection.samples.map(({ id }) => id));
  const asSame = new Set(
    prepared.selection.samples.filter((sample) => asksTheSame(sample, stored.get(sample.id))).map(({ id }) => id),
  );
  const own = answers.filter(({ system, sampleId }) => systems.includes(system) && asSame.has(sampleId));
  const missing = systems.length * samples.size - own.length;
  if (missing > 0) {
    throw new UnshiftError("RUN_UNFINISHED", `${store.folder} lacks ${missing} answers`, {
      hint: "Give the `unshift run` command first; it fills in what is missing and judges too.",
    });
  }
  return own;
}

function asksTheSame(sample: Sample, stored: Sample | undefined): boolean {
  const asked = (each: Sample | undefined) =>
    JSON.stringify([each?.messages.map(({ role, content }) => [role, content]), each?.follows ?? null]);
  return asked(sample) === asked(stored);
}
