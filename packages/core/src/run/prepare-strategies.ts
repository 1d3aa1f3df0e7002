import { type Embedder, isUnshiftError, type Pooling, type Preparation, UnshiftError } from "@unshift/contracts";
import type { EmbedderRequest, OpenEmbedder, OpenModel } from "@unshift/contracts/services";
import { parseHubPath } from "../config/hub-path.js";
import { modelSource } from "../config/model-source.js";
import { faultOf } from "../plugins/fault-of.js";
import { optionOfFault } from "../plugins/option-of-fault.js";
import { fetchModel } from "./fetch-models.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Strategies that had work to do before their first prompt. */
export interface PreparedStrategies {
  /** What they want people to see beside the figures. */
  readonly notes: readonly string[];
  /** Closes the embedders they opened. */
  dispose(): Promise<void>;
}

/** Lets every strategy do its work before the first prompt: an index over a corpus. Faults carry the strategy's place. */
export async function prepareStrategies(
  prepared: PreparedExperiment,
  systems: readonly PreparedSystem[],
  models: OpenModels,
  services: RunServices,
): Promise<PreparedStrategies> {
  const embedders = new Embedders(prepared, services);
  const notes: string[] = [];
  try {
    for (const system of systems) {
      if (system.strategy.prepare === undefined) {
        continue;
      }
      services.events.stage("prepare", system.spec.id, 1, 0);
      const model = modelOf(models, system.spec.model);
      await prepareOne(prepared, system, model, embedders, notes, services);
      services.events.tick("done");
    }
  } catch (error) {
    await embedders.dispose();
    throw error;
  }
  return { notes: [...new Set(notes)], dispose: () => embedders.dispose() };
}

async function prepareOne(
  prepared: PreparedExperiment,
  system: PreparedSystem,
  model: OpenModel,
  embedders: Embedders,
  notes: string[],
  services: RunServices,
): Promise<void> {
  const work: Preparation = {
    signal: services.signal,
    cacheFolder: services.cacheFolder,
    embedder: (source, pooling) => embedders.open("model" in source ? model : source, pooling),
    progress: (label, done, total) => services.events.progress(`${system.spec.id}: ${label}`, done, total),
    note: (message) => notes.push(message),
  };
  try {
    await system.strategy.prepare?.(model.view, work);
  } catch (error) {
    if (services.signal.aborted) {
      throw error;
    }
    const where = prepared.loaded.where(system.spec.strategy.path);
    if (isUnshiftError(error)) {
      throw error.where !== undefined
        ? error
        : new UnshiftError(error.code, error.message, {
            where: prepared.loaded.where(optionOfFault(error, system.spec.strategy)),
            hint: error.hint,
            cause: error,
          });
    }
    services.log("debug", error instanceof Error ? (error.stack ?? error.message) : String(error));
    throw new UnshiftError(
      "STRATEGY_FAILED",
      `${system.owner}: preparing the strategy "${system.spec.strategy.use}" failed: ${faultOf(error)}`,
      { where, cause: error },
    );
  }
}

/** Embedders by model and pooling: two strategies over one model share it. */
class Embedders {
  private readonly opened = new Map<string, Promise<OpenEmbedder>>();

  constructor(
    private readonly prepared: PreparedExperiment,
    private readonly services: RunServices,
  ) {}

  async open(source: OpenModel | { readonly path: string }, pooling: Pooling | null): Promise<Embedder> {
    const { engine } = this.prepared;
    if (engine.embedder === undefined) {
      throw new UnshiftError("EMBEDDING_UNSUPPORTED", `the engine "${engine.identity}" gives no embeddings`);
    }
    const model = "identity" in source ? source : await this.file(source.path);
    const key = `${"identity" in model ? model.identity.fileHash : model.path}\0${pooling ?? ""}`;
    let embedder = this.opened.get(key);
    if (embedder === undefined) {
      embedder = engine.embedder({ model, pooling }, { signal: this.services.signal });
      this.opened.set(key, embedder);
    }
    return embedder;
  }

  private async file(path: string): Promise<Exclude<EmbedderRequest["model"], OpenModel>> {
    const source = modelSource(path, "/", this.services.builtinModels);
    if (!("path" in source)) {
      throw new UnshiftError(source.code, source.message, { hint: source.hint });
    }
    const written = parseHubPath(source.path);
    const file = written === null ? source.path : (await fetchModel(written, this.services)).path;
    return { path: file, gpuLayers: null, threads: null };
  }

  async dispose(): Promise<void> {
    for (const embedder of await Promise.allSettled(this.opened.values())) {
      if (embedder.status === "fulfilled") {
        await embedder.value.dispose();
      }
    }
    this.opened.clear();
  }
}
