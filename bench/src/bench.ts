import type { PeerName } from "./peers/peer-name.js";

/** What a measure is given to work with. */
export interface Bench {
  /** Absolute paths of the model and its twin: same vocabulary, other weights. */
  readonly models: { readonly model: string; readonly twin: string };
  /** 16 questions with their answers, of a released file or of our own (`inputs/`). */
  readonly answers: readonly QuestionAndAnswer[];
  /** Threads of every side. */
  readonly threads: number;
  /** Layers on the GPU, of every side. */
  readonly gpuLayers: number;
  /** Do as little as shows that it works: figures are not judged. */
  readonly quick: boolean;
  /** An empty folder, removed when the measure ends. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Where a program lies, or the entry module of a package; one of those the measure `needs`. */
  peer(name: PeerName): string;
  log(line: string): void;
}

export interface QuestionAndAnswer {
  readonly question: string;
  readonly answer: string;
}
