import {
  type AnswerRecord,
  type ComparisonRecord,
  type Sample,
  UnshiftError,
  type VerdictRecord,
} from "@unshift/contracts";
import type { Manifest, RunStore, TokenView } from "@unshift/contracts/services";

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
  readonly systems: readonly { readonly id: string; readonly model: string; readonly strategy: string }[];
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
  readonly shifts: readonly { readonly id: string; readonly answers: string; readonly subject: string }[];
  readonly judges: readonly { readonly id: string }[];
  readonly seed: number;
}

/** Reads a run folder; records of samples, systems and judges that are no longer of the experiment are left out. */
export async function readRun(store: RunStore): Promise<StoredRun> {
  const manifest = store.manifest();
  const experiment = manifest.experiment as unknown as ManifestExperiment;
  const samples = await store.samples();
  const sampleIds = new Set(samples.map(({ id }) => id));
  const systemIds = new Set(experiment.systems.map(({ id }) => id));
  const judgeIds = new Set(experiment.judges.map(({ id }) => id));
  const comparisons = (await store.comparisons()).filter((record) => sampleIds.has(record.sampleId));
  const vocabularies = await readVocabularies(store, manifest);
  return {
    manifest,
    samples,
    systems: experiment.systems.map(({ id, model, strategy }) => ({ id, model, strategy: strategy.use })),
    answers: (await store.answers()).filter(({ system, sampleId }) => systemIds.has(system) && sampleIds.has(sampleId)),
    verdicts: (await store.verdicts()).filter(
      ({ judge, system, sampleId }) => judgeIds.has(judge) && systemIds.has(system) && sampleIds.has(sampleId),
    ),
    shifts: experiment.shifts.map((shift) => ({
      ...shift,
      comparisons: comparisons.filter((record) => record.shift === shift.id),
    })),
    token(system, id) {
      const model = experiment.systems.find((candidate) => candidate.id === system)?.model;
      return vocabularies.get(model ?? "")?.[id] ?? { id, text: `<id ${id}>`, special: false };
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
