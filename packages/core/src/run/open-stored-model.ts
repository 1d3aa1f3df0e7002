import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { Engine, ModelRequest, OpenModel } from "@unshift/contracts/services";
import type { LoadedExperiment } from "../config/experiment.js";
import { modelRequest } from "./open-models.js";
import type { RunServices } from "./run-services.js";
import type { StoredRun } from "./stored-run.js";

type EngineServices = Pick<RunServices, "registry" | "signal" | "log">;

/** The engine of an experiment, or llama.cpp where only a run folder is known: a manifest names no plugin. */
export function createEngine(loaded: LoadedExperiment | null, services: EngineServices): Promise<Engine> {
  const use = loaded?.experiment.engine ?? { use: "llama", options: {}, path: ["engine"], folder: process.cwd() };
  const where = loaded === null ? () => ({ file: "command line" }) : loaded.where.bind(loaded);
  return services.registry.create<Engine>("engines", use, where, { log: services.log, signal: services.signal });
}

/**
 * Opens a model of a run as the run opened it: the same file by its hash, the same numerics and cuts. Where the experiment is given, the
 * file and the number of threads are as it says now.
 *
 * @throws RUN_OTHER_EXPERIMENT where the file is another one now, and what opening throws
 */
export async function openStoredModel(
  engine: Engine,
  run: StoredRun,
  id: string,
  loaded: LoadedExperiment | null,
  services: Pick<RunServices, "signal" | "events" | "builtinModels">,
): Promise<OpenModel> {
  const request = storedRequest(run, id, loaded, services.builtinModels);
  services.events.stage("open", id, 1, 0);
  let model: OpenModel;
  try {
    model = await engine.open(request, {
      signal: services.signal,
      onProgress: (share) => services.events.loading(id, share),
    });
  } catch (error) {
    if (!isUnshiftError(error) || error.code !== "MODEL_NOT_FOUND" || loaded !== null) throw error;
    throw new UnshiftError(error.code, error.message, {
      hint: "Name the experiment file in place of the run folder: its `path` says where the model is now.",
      cause: error,
    });
  }
  services.events.tick("done");
  const { fileHash } = run.manifest.models[id] ?? {};
  if (model.identity.fileHash !== fileHash) {
    throw new UnshiftError(
      "RUN_OTHER_EXPERIMENT",
      `${request.path} is not the file of model "${id}" in this run any more: sha256 ${model.identity.fileHash} against ${String(fileHash)}`,
      { hint: "Give the run the file it was made with, or make another run." },
    );
  }
  return model;
}

/** What the manifest says of a model's numbers, with the file where it is now. */
function storedRequest(
  run: StoredRun,
  id: string,
  loaded: LoadedExperiment | null,
  builtin: Readonly<Record<string, string>>,
): ModelRequest {
  const facts = run.manifest.models[id];
  const settings = (run.manifest.experiment["models"] as Readonly<Record<string, Partial<ModelRequest>>>)[id];
  if (facts === undefined || settings === undefined) {
    throw new UnshiftError("INTERNAL", `the manifest of ${run.manifest.name} has no model "${id}"`);
  }
  const source = String(facts["source"]);
  const spec = loaded?.experiment.models.find((model) => model.id === id);
  const stored = String(facts["path"]);
  const embedded = source.startsWith("builtin:") ? builtin[source.slice("builtin:".length)] : undefined;
  const written = spec === undefined || source.startsWith("hf:") ? stored : spec.path;
  const now = loaded === null || spec === undefined ? null : modelRequest(loaded.experiment, spec);
  return {
    name: id,
    gpuLayers: settings.gpuLayers ?? null,
    threads: null,
    ...now,
    path: embedded ?? written,
    contextSize: settings.contextSize ?? null,
    chunkSize: settings.chunkSize ?? null,
    numerics: run.manifest.numerics === "fast" ? "fast" : "strict",
    sequences: 1,
  };
}
