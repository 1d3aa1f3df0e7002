import type { Bench } from "./bench.js";
import type { PeerName } from "./peers/peer-name.js";

/** What one side observed in one round, by name; the name says the unit: `seconds`, `peakBytes`, `tokensPerSecond`. */
export type Values = Readonly<Record<string, number>>;

/** One round: every side's values, by the side's id. */
export type Round = Readonly<Record<string, Values>>;

/** One way of doing the work. Sides of a measure run in turn, each doing all of the work in every round. */
interface Side {
  /** `ours`, `llama-server`, … */
  readonly id: string;
  readonly title: string;
  /** Does the work once. Work that is the same for every side, or none of the figure's business, belongs into `prepare`. */
  run(signal: AbortSignal): Promise<Values>;
  /** What it does uncounted before the first round, where less than all of the work brings files and processors up. Default: `run`. */
  warmUp?(signal: AbortSignal): Promise<void>;
}

export interface Target {
  readonly direction: "at least" | "at most";
  readonly value: number;
}

/** A number that a measure is about, computed from each round alone: drift of the machine between rounds cancels in a ratio. */
export interface Figure {
  /** Unique within the measure. */
  readonly id: string;
  readonly title: string;
  /** `×` is a ratio: how many times as much. */
  readonly unit: "×" | "s" | "bytes" | "per 10,000";
  /** null: told, not judged. */
  readonly target: Target | null;
  /** NaN: this round says nothing about it. */
  of(round: Round): number;
}

/** Whether the sides computed the same thing; a ratio between different results means nothing. */
interface Check {
  readonly agree: boolean;
  /** What was compared and what came out, with figures. */
  readonly text: string;
}

export interface Prepared {
  readonly sides: readonly Side[];
  /** What was worked on: counts of prompts, tokens, positions. */
  readonly work: Readonly<Record<string, number | string>>;
  /** Called once, after the last round. What the sides computed is remembered by the measure. */
  check(): Promise<Check>;
  /** Also called where a side or the check threw. */
  dispose(): Promise<void>;
}

/** One line of the benchmark's table. */
export interface Measure {
  /** `P1` … */
  readonly id: string;
  readonly title: string;
  /** What is done and what a figure means, for the documentation. Plain sentences. */
  readonly meaning: string;
  readonly needs: {
    /** The model and its twin are opened by the measure; without it `bench.models` is not written. */
    readonly models: boolean;
    readonly peers: readonly PeerName[];
  };
  readonly figures: readonly Figure[];
  prepare(bench: Bench): Promise<Prepared>;
}

/** A figure's `of`: a value of one side over the same value of another. */
export function ratio(numerator: string, denominator: string, value = "seconds"): Figure["of"] {
  return (round) => (round[numerator]?.[value] ?? Number.NaN) / (round[denominator]?.[value] ?? Number.NaN);
}

/** A figure's `of`: a value of one side itself. */
export function sideValue(side: string, value: string): Figure["of"] {
  return (round) => round[side]?.[value] ?? Number.NaN;
}
