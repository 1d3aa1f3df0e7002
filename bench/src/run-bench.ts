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
  /** Hears of every measure as it ends, and has everything so far. */
  readonly onMeasure: (result: MeasureResult, soFar: BenchDocument) => Promise<void>;
}

/**
 * Takes measures one after the other. A measure whose peer cannot be had is told as that, and the others go on. Throws ABORTED: what
 * `onMeasure` heard of is whole.
 */
export async function runBench(request: BenchRequest, listeners: BenchListeners): Promise<BenchDocument> {
  try {
    return await takeAll(request, listeners);
  } catch (cause) {
    if (!listeners.signal.aborted) throw cause;
    throw new UnshiftError("ABORTED", "interrupted; the measure at hand is lost", { cause });
  }
}

async function takeAll(request: BenchRequest, { signal, log, onMeasure }: BenchListeners): Promise<BenchDocument> {
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
  const facts = async (which: keyof Bench["models"]) =>
    models === null ? null : modelFacts(models[which], written?.recipe[which] ?? null);
  let document: BenchDocument = {
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
    measures: [],
  };
  for (const measure of measures) {
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
    const missing = measure.needs.peers.flatMap((name) => peers.missing.get(name) ?? []);
    const result = missing.length > 0 ? unmeasured(measure, missing.join("; ")) : await attempt(measure, bench, rounds);
    document = { ...document, measures: [...document.measures, result] };
    await onMeasure(result, document);
  }
  return document;
}

async function attempt(measure: Measure, bench: Omit<Bench, "folder">, rounds: number): Promise<MeasureResult> {
  try {
    return await takeMeasure(measure, bench, rounds);
  } catch (error) {
    if (!isUnshiftError(error) || error.code !== "BENCH_PEER") throw error;
    bench.log(`${measure.id}: ${error.message}`);
    return unmeasured(measure, error.message);
  }
}

function unmeasured({ id, title, meaning }: Measure, unavailable: string): MeasureResult {
  return { id, title, meaning, unavailable };
}

function required(found: ReadonlyMap<PeerName, string>, name: PeerName, measure: Measure): string {
  const path = found.get(name);
  if (path !== undefined) return path;
  throw new UnshiftError("INTERNAL", `measure ${measure.id} asks for ${name} and does not declare that it needs it`);
}

async function modelFacts(path: string, recipe: string | null): Promise<ModelFacts> {
  return { file: basename(path), bytes: (await stat(path)).size, recipe };
}
