import {
  type AnswerRecord,
  type ComparisonRecord,
  type Sample,
  UnshiftError,
  type VerdictRecord,
} from "@unshift/contracts";
import type { JudgeInput, Manifest, ReportInput, RunStore, TokenView } from "@unshift/contracts/services";
import { currentVerdicts } from "./current-verdicts.js";

/** A shift of a run folder, by the experiment in its manifest. */
interface StoredShift {
  readonly id: string;
  readonly answers: string;
  readonly subject: string;
  readonly comparisons: readonly ComparisonRecord[];
}

/** What a run folder holds of its current samples: all that analysis and report need; no model is opened. */
export interface StoredRun {
  readonly manifest: Manifest;
  readonly samples: readonly Sample[];
  /** Recorded systems last: their model is null. */
  readonly systems: ReportInput["systems"];
  readonly answers: readonly AnswerRecord[];
  readonly verdicts: readonly VerdictRecord[];
  readonly shifts: readonly StoredShift[];
  /** Text of an id of a system's model. */
  token(system: string, id: number): TokenView;
}

/** The part of a manifest's experiment that the later stages read. */
export interface ManifestExperiment {
  readonly systems: readonly {
    readonly id: string;
    readonly model: string;
    readonly strategy: { readonly use: string };
  }[];
  /** Systems known by their answers alone; absent where there are none. */
  readonly recorded?: readonly { readonly id: string; readonly tokenizer: string | null }[];
  readonly shifts: readonly { readonly id: string; readonly answers: string; readonly subject: string }[];
  /** Aspects are absent of runs judged before they were stored; `repeat` is absent for once. */
  readonly judges: readonly (Pick<JudgeInput, "id" | "use" | "version" | "options"> & {
    readonly aspects?: JudgeInput["aspects"];
    readonly repeat?: number;
    /** Hash of the judge, as verdicts hold it. Absent of runs judged before 2026-11-22, as `engineIdentity` is. */
    readonly key?: string;
    /** Id among `judgeEngines`; absent of a judge that asks nobody. */
    readonly engine?: string;
    /** What answers the judge, as the engine calls itself; absent of a judge that asks nobody. */
    readonly engineIdentity?: string;
    /** Absent of runs judged before it was stored. */
    readonly judges?: "answers" | "pairs";
    /** Systems that are compared; absent for every two. */
    readonly pairs?: readonly (readonly [string, string])[];
  })[];
  /** People who rated (`unshift annotate`), as judges; absent where nobody did. */
  readonly annotators?: readonly JudgeInput[];
  readonly seed: number;
}

/** Reads a run folder; records of samples, systems and judges that are no longer of the experiment, or no longer as they were, are left out. */
export async function readRun(store: RunStore): Promise<StoredRun> {
  const manifest = store.manifest();
  const experiment = manifest.experiment as unknown as ManifestExperiment;
  const samples = await store.samples();
  const sampleIds = new Set(samples.map(({ id }) => id));
  const recorded = experiment.recorded ?? [];
  const systems = [
    ...experiment.systems.map(({ id, model, strategy }) => ({ id, model, strategy: strategy.use })),
    ...recorded.map(({ id }) => ({ id, model: null, strategy: null })),
  ];
  const systemIds = new Set(systems.map(({ id }) => id));
  const vocabularyOf = new Map([
    ...experiment.systems.map(({ id, model }) => [id, model] as const),
    ...recorded.map(({ id, tokenizer }) => [id, tokenizer ?? ""] as const),
  ]);
  const comparisons = (await store.comparisons()).filter((record) => sampleIds.has(record.sampleId));
  const answers = (await store.answers()).filter(
    ({ system, sampleId }) => systemIds.has(system) && sampleIds.has(sampleId),
  );
  const vocabularies = await readVocabularies(store, manifest);
  return {
    manifest,
    samples,
    systems,
    answers,
    verdicts: await currentVerdicts(store, { samples, answers }),
    shifts: experiment.shifts.map((shift) => ({
      ...shift,
      comparisons: comparisons.filter((record) => record.shift === shift.id),
    })),
    token(system, id) {
      return vocabularies.get(vocabularyOf.get(system) ?? "")?.[id] ?? { id, text: `<id ${id}>`, special: false };
    },
  };
}

async function readVocabularies(store: RunStore, manifest: Manifest): Promise<Map<string, readonly TokenView[]>> {
  const byModel = new Map<string, readonly TokenView[]>();
  const byHash = new Map<string, readonly TokenView[]>();
  for (const [model, facts] of Object.entries(manifest.models)) {
    const hash = String(facts["vocabularyHash"]);
    const tokens = byHash.get(hash) ?? (await store.vocabulary(hash));
    if (tokens === null) {
      throw new UnshiftError("RUN_CORRUPT", `${store.folder} lacks the vocabulary of model "${model}"`, {
        hint: "Run the experiment again; it fills in what is missing.",
      });
    }
    byHash.set(hash, tokens);
    byModel.set(model, tokens);
  }
  return byModel;
}
