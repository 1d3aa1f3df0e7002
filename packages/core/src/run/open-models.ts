import { isUnshiftError, UnshiftError, type Where } from "@unshift/contracts";
import type { ModelRequest, OpenModel } from "@unshift/contracts/services";
import type { Experiment, ModelSpec } from "../config/experiment.js";
import { isOpened } from "./fetch-models.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Models by id, open. */
export type OpenModels = ReadonlyMap<string, OpenModel>;

/**
 * What the engine is asked to open for a model of the experiment.
 *
 * @param residency sequential: weights are there only while the model computes
 */
export function modelRequest(experiment: Experiment, spec: ModelSpec, residency: Residency = "together"): ModelRequest {
  return {
    name: spec.id,
    path: spec.path,
    contextSize: spec.contextSize,
    gpuLayers: spec.gpuLayers,
    chunkSize: spec.chunkSize,
    threads: spec.threads,
    numerics: experiment.numerics,
    sequences: experiment.parallel,
    placement: spec.placement,
    ...(residency === "sequential" ? { inTurn: true } : {}),
  };
}

/** Opens the models that systems use. Errors carry the place in the experiment that names the file. */
export async function openModels(
  prepared: PreparedExperiment,
  services: RunServices,
  residency: Residency = "together",
): Promise<OpenModels> {
  const { experiment } = prepared.loaded;
  const used = experiment.models.filter(({ id }) => isOpened(prepared, id));
  services.events.stage("open", used.map((model) => model.id).join(", "), used.length, 0);
  const open = new Map<string, OpenModel>();
  for (const spec of used) {
    try {
      const model = await prepared.engine.open(modelRequest(experiment, spec, residency), {
        signal: services.signal,
        onProgress: (share) => services.events.loading(spec.id, share),
      });
      open.set(spec.id, model);
      services.events.tick("done");
    } catch (error) {
      throw atModel(error, prepared.loaded.where(["models", spec.id]));
    }
  }
  return open;
}

/** The model of a system; systems name only models that exist. */
export function modelOf(models: OpenModels, id: string): OpenModel {
  const model = models.get(id);
  if (model === undefined) {
    throw new UnshiftError("INTERNAL", `model "${id}" is not open`);
  }
  return model;
}

/** Which models are in memory at the same time, once it is decided. */
export type Residency = "together" | "sequential";

/** A fault of a model, with the place in the experiment that names its file. */
export function atModel(error: unknown, where: Where): unknown {
  if (isUnshiftError(error) && error.where === undefined && error.code !== "ABORTED") {
    return new UnshiftError(error.code, error.message, { where, hint: error.hint, cause: error });
  }
  return error;
}
