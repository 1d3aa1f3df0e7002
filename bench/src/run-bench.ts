import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import { nativeInfo } from "@unshift/engine-llama";
import type { Bench } from "./bench.js";
import { benchAnswers } from "./inputs/answers.js";
import { machineFacts } from "./machine.js";
import type { Measure } from "./measure.js";
import { benchModels } from "./model/bench-models.js";
import { findPeers } from "./peers/find-peers.js";
import type { PeerName } from "./peers/peer-name.js";
import type { BenchDocument, MeasureResult, ModelFacts } from "./results/bench-document.js";
import { takeMeasure } from "./take-measure.js";
import { versions } from "./versions.js";

export interface BenchRequest {
  readonly measures: readonly Measure[];
  readonly rounds: number;
  /** null: as many as the addon takes by default. */
  readonly threads: number | null;
  /** null: all where the addon was built for a GPU. */
  readonly gpuLayers: number | null;
  readonly quick: boolean;
  /** Absolute paths of models to measure with; null: the pair the benchmark writes. */
  readonly models: Bench["models"] | null;
  /** Where the bench model and node-llama-cpp are kept. */
  readonly folder: string;
  /** Command line that repeats this, for the document. */
  readonly command: string;
}

export interface BenchListeners {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Hears of every measure as it ends. */
  readonly onMeasure: (result: MeasureResult) => void;
}

/** Takes measures one after the other. A measure whose peer cannot be had is told as that, and the others go on. */
export async function runBench(request: BenchRequest, listeners: BenchListeners): Promise<BenchDocument> {
  const { signal, log } = listeners;
  const { measures, quick, rounds } = request;
  const date = new Date().toISOString();
  const info = await nativeInfo();
  const threads = request.threads ?? info.defaultThreads;
  const gpuLayers = request.gpuLayers ?? (info.gpu === "cpu" ? 0 : 999);
  const answers = await benchAnswers();
  const written =
    request.models === null && measures.some(({ needs }) => needs.models)
      ? await benchModels(request.folder, quick, signal, log)
      : null;
  const models = request.models ?? written;
  const peers = await findPeers(new Set(measures.flatMap(({ needs }) => needs.peers)), {
    folder: request.folder,
    gpu: info.gpu,
    signal,
    log,
  });

  const results: MeasureResult[] = [];
  for (const measure of measures) {
    const missing = measure.needs.peers.flatMap((name) => peers.missing.get(name) ?? []);
    const { id, title, meaning } = measure;
    const bench: Omit<Bench, "folder"> = {
      models: models ?? { model: "", twin: "" },
      answers: answers.pairs,
      threads,
      gpuLayers,
      quick,
      signal,
      peer: (name) => required(peers.found, name, measure),
      log,
    };
    const result: MeasureResult =
      missing.length > 0
        ? { id, title, meaning, unavailable: missing.join("; ") }
        : await takeMeasure(measure, bench, rounds).catch((error: unknown) => {
            if (!isUnshiftError(error) || error.code !== "BENCH_PEER") throw error;
            log(`${id}: ${error.message}`);
            return { id, title, meaning, unavailable: error.message };
          });
    results.push(result);
    listeners.onMeasure(result);
  }
  const facts = (which: keyof Bench["models"]) =>
    models === null ? null : modelFacts(models[which], written?.recipe[which] ?? null);
  return {
    format: "unshift-bench/1",
    date,
    command: request.command,
    machine: machineFacts(info.devices.filter(({ type }) => type !== "cpu").map(({ description }) => description)),
    versions: await versions(info, peers.versions),
    options: {
      rounds,
      threads,
      gpuLayers,
      quick,
      model: await facts("model"),
      twin: await facts("twin"),
      answers: answers.source,
    },
    measures: results,
  };
}

function required(found: ReadonlyMap<PeerName, string>, name: PeerName, measure: Measure): string {
  const path = found.get(name);
  if (path !== undefined) return path;
  throw new UnshiftError("INTERNAL", `measure ${measure.id} asks for ${name} and does not declare that it needs it`);
}

async function modelFacts(path: string, recipe: string | null): Promise<ModelFacts> {
  return { file: basename(path), bytes: (await stat(path)).size, recipe };
}
