import type { Dataset, JsonObject } from "@unshift/contracts";
import type { LoadedExperiment, ModelOrigin } from "../config/experiment.js";
import { parseHubPath } from "../config/hub-path.js";
import { fetchModel } from "./fetch-models.js";
import type { RunServices } from "./run-services.js";

/** What of an experiment came from the hub. */
export interface PulledExperiment {
  readonly models: Readonly<Record<string, { readonly path: string } & ModelOrigin>>;
  /** What pins the dataset's content; from the hub only where it names a `repo`. */
  readonly dataset: { readonly use: string; readonly provenance: JsonObject };
}

/** Fetches all that a later run, perhaps without a network, takes from the hub: every `hf:` model and the dataset's files. */
export async function pullExperiment(loaded: LoadedExperiment, services: RunServices): Promise<PulledExperiment> {
  const { experiment } = loaded;
  const { registry, log, signal, hub } = services;
  const dataset = await registry.create<Dataset>("datasets", experiment.dataset, loaded.where.bind(loaded), {
    log,
    signal,
    hub,
  });
  const models: Record<string, { path: string } & ModelOrigin> = {};
  for (const { id, source } of experiment.models) {
    const written = parseHubPath(source);
    if (written === null) continue;
    const { path, origin } = await fetchModel(written, services);
    models[id] = { path, ...origin };
  }
  return { models, dataset: { use: experiment.dataset.use, provenance: dataset.provenance ?? {} } };
}
