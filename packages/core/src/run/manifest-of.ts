import { type JsonObject, shiftId } from "@unshift/contracts";
import { type Manifest, runFormat } from "@unshift/contracts/services";
import type { ModelSpec } from "../config/experiment.js";
import type { JudgeEngines } from "./judge-engines.js";
import { judgeKeyOf } from "./judge-key.js";
import { keyOf } from "./key.js";
import { modelOf, type OpenModels, type Residency } from "./open-models.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** The manifest of an experiment with its models open. */
export function manifestOf(
  prepared: PreparedExperiment,
  models: OpenModels,
  engines: JudgeEngines,
  services: RunServices,
  notes: { readonly run: readonly string[]; readonly judges: readonly string[] },
  residency: Residency = "together",
): Manifest {
  const { experiment, text } = prepared.loaded;
  const identity: JsonObject = {
    models: Object.fromEntries(
      [...models].map(([id, model]): [string, JsonObject] => {
        const spec = experiment.models.find((candidate) => candidate.id === id);
        return [
          id,
          {
            source: spec?.source ?? "",
            fileHash: model.identity.fileHash,
            contextSize: model.identity.contextSize,
            gpuLayers: spec?.gpuLayers ?? null,
            chunkSize: spec?.chunkSize ?? null,
            ...placementOf(spec),
          },
        ];
      }),
    ),
    systems: prepared.systems.map(
      ({ spec, strategyOptions }): JsonObject => ({
        id: spec.id,
        model: spec.model,
        strategy: { use: spec.strategy.use, options: strategyOptions },
        decoding: { ...spec.decoding },
        ...(spec.answers === null ? {} : { answers: spec.answers.source }),
      }),
    ),
    ...(prepared.recorded.length === 0
      ? {}
      : {
          recorded: prepared.recorded.map(
            ({ id, answers, tokenizer }): JsonObject => ({ id, answers: answers.source, tokenizer }),
          ),
        }),
    dataset: { use: experiment.dataset.use, options: prepared.datasetOptions },
    numerics: experiment.numerics,
    topK: experiment.topK,
  };
  return {
    format: runFormat,
    name: experiment.name,
    // Which samples, judges and reports are asked for may change from sitting to sitting: items are keyed by themselves.
    // A model's `source` may move; its file hash may not.
    experimentKey: keyOf({
      ...identity,
      models: Object.fromEntries([...models].map(([id, model]) => [id, model.identity.fileHash])),
    }),
    fixed: {
      models: Object.fromEntries([...models].map(([id, model]) => [id, { fileHash: model.identity.fileHash }])),
      systems: Object.fromEntries(
        [
          ...(identity["systems"] as readonly JsonObject[]),
          ...((identity["recorded"] ?? []) as readonly JsonObject[]),
        ].map(({ id, ...system }) => [String(id), system]),
      ),
      dataset: identity["dataset"] ?? null,
      numerics: experiment.numerics,
      topK: experiment.topK,
    },
    unshiftVersion: services.unshiftVersion,
    createdAt: services.now().toISOString(),
    experimentText: text,
    experiment: {
      ...identity,
      selection: {
        limit: experiment.dataset.limit,
        seed: experiment.dataset.seed,
        ids: experiment.dataset.ids,
        where: experiment.dataset.where,
      },
      shifts: experiment.shifts.flatMap(({ answers, subjects }) =>
        subjects.map((subject): JsonObject => ({ id: shiftId(answers, subject), answers, subject })),
      ),
      ...judgesOf(prepared, engines, notes.judges),
      analyses: experiment.analyses.map(({ use, options }): JsonObject => ({ use, options })),
      report: { formats: [...experiment.report.formats] },
      residency: residency === "together" ? { mode: residency } : { mode: residency, rows: experiment.residency.rows },
      seed: experiment.seed,
    },
    plugins: services.registry.plugins,
    models: Object.fromEntries(
      [...models.keys()].map((id): [string, JsonObject] => {
        const spec = experiment.models.find((candidate) => candidate.id === id);
        const origin = spec?.origin === undefined ? {} : { origin: { ...spec.origin, files: [...spec.origin.files] } };
        return [id, { source: spec?.source ?? "", path: spec?.path ?? "", ...origin, ...modelOf(models, id).identity }];
      }),
    ),
    engine: prepared.engine.identity,
    numerics: experiment.numerics,
    machine: { ...services.machine },
    dataset: {
      use: experiment.dataset.use,
      samples: prepared.selection.samples.length,
      available: prepared.selection.available,
      provenance: prepared.datasetProvenance,
    },
    notes: [...notes.run, ...notes.judges],
  };
}

/** What was written of a model's placement, servers with their addresses. */
function placementOf(spec: ModelSpec | undefined): { readonly placement?: JsonObject } {
  const { rpc, devices, tensorSplit, ...rest } = spec?.placement ?? {};
  const lists = {
    devices: devices == null ? null : [...devices],
    tensorSplit: tensorSplit == null ? null : [...tensorSplit],
  };
  const written = Object.entries({ ...rest, ...lists, rpc: rpc === undefined || rpc.length === 0 ? null : [...rpc] });
  const given = written.filter(([, value]) => value !== null);
  return given.length === 0 ? {} : { placement: Object.fromEntries(given) };
}

/** What the manifest says of who judges. Options hold the names of secrets, never a secret. */
export function judgesOf(
  { judges, judgeEngines }: PreparedExperiment,
  engines: JudgeEngines,
  judgeNotes: readonly string[],
): {
  readonly judges: readonly JsonObject[];
  readonly judgeEngines: readonly JsonObject[];
  /** Those of the manifest's notes that are the judges': other judges, other notes. */
  readonly judgeNotes: readonly string[];
} {
  return {
    judges: judges.map((judging) => {
      const { spec, options, judge } = judging;
      const engine = spec.engine === null ? undefined : engines.get(spec.engine);
      return {
        id: spec.id,
        key: judgeKeyOf(judging, engines),
        use: spec.use,
        version: judge.version,
        aspects: judge.aspects.map((aspect): JsonObject => ({ ...aspect })),
        options,
        ...(spec.engine === null ? {} : { engine: spec.engine }),
        ...(engine === undefined ? {} : { engineIdentity: engine.identity }),
        ...(spec.repeat === 1 ? {} : { repeat: spec.repeat }),
        judges: judge.judges ?? "answers",
        ...(spec.pairs === null ? {} : { pairs: spec.pairs.map((pair) => [...pair]) }),
      };
    }),
    judgeEngines: judgeEngines.map(({ spec }) => ({ id: spec.id, use: spec.use, options: spec.options })),
    judgeNotes,
  };
}
