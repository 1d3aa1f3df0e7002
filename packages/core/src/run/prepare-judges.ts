import { isUnshiftError, type Ranker, UnshiftError } from "@unshift/contracts";
import type { OpenRanker } from "@unshift/contracts/services";
import { parseHubPath } from "../config/hub-path.js";
import { modelSource } from "../config/model-source.js";
import { faultOf } from "../plugins/fault-of.js";
import { optionOfFault } from "../plugins/option-of-fault.js";
import { fetchModel } from "./fetch-models.js";
import type { PreparedExperiment, PreparedJudge } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/**
 * Lets every judge do its work before its version is read: opening a reward model. Faults carry the judge's place. The caller
 * disposes the rankers when judging is over, also after a fault.
 *
 * @returns what judges want people to see beside the figures
 */
export async function prepareJudges(
  prepared: PreparedExperiment,
  rankers: Rankers,
  services: RunServices,
): Promise<string[]> {
  const notes = new Set<string>();
  for (const judging of prepared.judges) {
    if (judging.judge.prepare === undefined) {
      continue;
    }
    services.events.stage("prepare", judging.spec.id, 1, 0);
    try {
      await judging.judge.prepare({
        signal: services.signal,
        ranker: (path) => rankers.open(path),
        note: (message) => notes.add(message),
      });
    } catch (error) {
      throw services.signal.aborted ? error : atJudge(error, prepared, judging, services);
    }
    services.events.tick("done");
  }
  return [...notes];
}

function atJudge(
  error: unknown,
  { loaded }: PreparedExperiment,
  { spec }: PreparedJudge,
  services: RunServices,
): UnshiftError {
  if (isUnshiftError(error)) {
    return error.where !== undefined
      ? error
      : new UnshiftError(error.code, error.message, {
          where: loaded.where(optionOfFault(error, spec)),
          hint: error.hint,
          cause: error,
        });
  }
  services.log("debug", error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new UnshiftError("PLUGIN_CREATE_FAILED", `preparing the judge "${spec.id}" failed: ${faultOf(error)}`, {
    where: loaded.where(spec.path),
    cause: error,
  });
}

/** Rankers by file: two judges over one model share it. */
export class Rankers {
  private readonly opened = new Map<string, Promise<OpenRanker>>();

  constructor(
    private readonly prepared: Pick<PreparedExperiment, "engine">,
    private readonly services: RunServices,
  ) {}

  async open(source: string): Promise<Ranker> {
    const { engine } = this.prepared;
    if (engine.ranker === undefined) {
      throw new UnshiftError("EMBEDDING_UNSUPPORTED", `the engine "${engine.identity}" runs no classifier heads`);
    }
    const path = await this.file(source);
    let ranker = this.opened.get(path);
    if (ranker === undefined) {
      ranker = engine.ranker({ path, gpuLayers: null, threads: null }, { signal: this.services.signal });
      this.opened.set(path, ranker);
    }
    return ranker;
  }

  private async file(path: string): Promise<string> {
    const source = modelSource(path, "/", this.services.builtinModels);
    if (!("path" in source)) {
      throw new UnshiftError(source.code, source.message, { hint: source.hint });
    }
    const written = parseHubPath(source.path);
    return written === null ? source.path : (await fetchModel(written, this.services)).path;
  }

  async dispose(): Promise<void> {
    for (const ranker of await Promise.allSettled(this.opened.values())) {
      if (ranker.status === "fulfilled") {
        await ranker.value.dispose();
      }
    }
    this.opened.clear();
  }
}
