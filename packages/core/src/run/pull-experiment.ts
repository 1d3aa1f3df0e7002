import type { Dataset, Json, JsonObject, Strategy } from "@unshift/contracts";
import type { LoadedExperiment, ModelOrigin } from "../config/experiment.js";
import { type HubPath, parseHubPath } from "../config/hub-path.js";
import { datasetExamples } from "./dataset-examples.js";
import { fetchModel } from "./fetch-models.js";
import type { RunServices } from "./run-services.js";

/** What of an experiment came from the hub. */
export interface PulledExperiment {
  readonly models: Readonly<Record<string, { readonly path: string } & ModelOrigin>>;
  /** What pins the dataset's content; from the hub only where it names a `repo`. */
  readonly dataset: { readonly use: string; readonly provenance: JsonObject };
}

/**
 * Fetches all that a later run, perhaps without a network, takes from the hub: every `hf:` model, also where a strategy or a judge
 * names one (an embedder, a reward model), the dataset's files, and the corpora that strategies read.
 */
export async function pullExperiment(loaded: LoadedExperiment, services: RunServices): Promise<PulledExperiment> {
  const { experiment } = loaded;
  const { registry, log, signal, hub } = services;
  const where = loaded.where.bind(loaded);
  const context = { log, signal, hub };
  const dataset = await registry.create<Dataset>("datasets", experiment.dataset, where, context);
  const examples = datasetExamples(loaded, services, async () => dataset);
  for (const { strategy } of experiment.systems) {
    // Creating it reads its corpus, and so fetches it.
    await registry.create<Strategy>("strategies", strategy, where, { ...context, examples: examples(strategy) });
    for (const written of hubModelsIn(await registry.checkOptions("strategies", strategy, where))) {
      await fetchModel(written, services);
    }
  }
  for (const judge of experiment.judges) {
    for (const written of hubModelsIn(await registry.checkOptions("judges", judge, where))) {
      await fetchModel(written, services);
    }
  }
  const models: Record<string, { path: string } & ModelOrigin> = {};
  for (const { id, source } of experiment.models) {
    const written = parseHubPath(source);
    if (written === null) continue;
    const { path, origin } = await fetchModel(written, services);
    models[id] = { path, ...origin };
  }
  return { models, dataset: { use: experiment.dataset.use, provenance: dataset.provenance ?? {} } };
}

/** `hf:` paths of GGUF files anywhere in options. */
function hubModelsIn(value: Json): HubPath[] {
  if (typeof value === "string") {
    const written = parseHubPath(value);
    return written?.file.endsWith(".gguf") ? [written] : [];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((inner) => hubModelsIn(inner)) : [];
}
