import { type HubFiles, isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { Experiment, ModelOrigin } from "../config/experiment.js";
import { type HubPath, modelFiles, parseHubPath } from "../config/hub-path.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** A model of the hub, on this machine. */
export interface FetchedModel {
  /** Path of the file to open: of a split model, the first part. */
  readonly path: string;
  readonly origin: ModelOrigin;
}

/** Fetches a model's file, or all parts of a split one from one commit. */
export async function fetchModel(
  { repo, file }: HubPath,
  { hub, signal }: { readonly hub?: HubFiles | undefined; readonly signal: AbortSignal },
): Promise<FetchedModel> {
  if (hub === undefined) {
    throw new UnshiftError("HUB_OFFLINE", `${file} of ${repo.name} is on the hub, which is not offered here`);
  }
  const [first, ...rest] = modelFiles(file);
  const { path, commit } = await hub.fetch(repo, first, signal);
  for (const part of rest) await hub.fetch({ ...repo, revision: commit }, part, signal);
  return { path, origin: { repo: repo.name, revision: repo.revision, commit, files: [first, ...rest] } };
}

/** The experiment with the `hf:` models that its systems use on this machine. Errors carry the place that names the model. */
export async function fetchModels(prepared: PreparedExperiment, services: RunServices): Promise<PreparedExperiment> {
  const { loaded } = prepared;
  const where = loaded.where.bind(loaded);
  const models: Experiment["models"][number][] = [];
  for (const spec of loaded.experiment.models) {
    const written = parseHubPath(spec.source);
    if (written === null || !isOpened(prepared, spec.id)) {
      models.push(spec);
      continue;
    }
    try {
      models.push({ ...spec, ...(await fetchModel(written, services)) });
    } catch (error) {
      if (!isUnshiftError(error) || error.code === "ABORTED") throw error;
      const { code, message, hint } = error;
      throw new UnshiftError(code, message, { where: where(["models", spec.id, "path"]), hint, cause: error });
    }
  }
  return { ...prepared, loaded: { ...loaded, where, experiment: { ...loaded.experiment, models } } };
}

/** Whether a system or a judge engine uses the model. */
export function isOpened({ loaded, judgeEngines }: PreparedExperiment, model: string): boolean {
  return (
    loaded.experiment.systems.some((system) => system.model === model) ||
    judgeEngines.some((engine) => "model" in engine && engine.model === model)
  );
}
