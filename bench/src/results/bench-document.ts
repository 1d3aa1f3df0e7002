import type { Machine } from "../machine.js";
import type { Figure, Round } from "../measure.js";
import type { Quiet } from "../quiet.js";

/** What `unshift bench` writes with `--out` and prints with `--json`. Everything the table and the page show is in here. */
export interface BenchDocument {
  readonly format: "unshift-bench/1";
  /** When it began, ISO 8601. */
  readonly date: string;
  /** Command line that repeats it. */
  readonly command: string;
  readonly machine: Machine;
  /** Ours and every peer's version, and commits where there are any. */
  readonly versions: Readonly<Record<string, string>>;
  readonly options: {
    readonly rounds: number;
    readonly threads: number;
    readonly gpuLayers: number;
    readonly quick: boolean;
    readonly model: ModelFacts | null;
    readonly twin: ModelFacts | null;
    /** Where the questions and answers come from. */
    readonly answers: string;
  };
  readonly measures: readonly MeasureResult[];
}

export interface ModelFacts {
  /** File name, without its folder. */
  readonly file: string;
  readonly bytes: number;
  /** What wrote it, where the benchmark did. */
  readonly recipe: string | null;
}

export type MeasureResult = Measured | Unmeasured;

export interface Measured {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly date: string;
  readonly quiet: Quiet;
  readonly work: Readonly<Record<string, number | string>>;
  readonly sides: readonly { readonly id: string; readonly title: string }[];
  readonly rounds: readonly Round[];
  readonly figures: readonly FigureResult[];
  readonly check: { readonly agree: boolean; readonly text: string };
  readonly unavailable?: undefined;
}

/** A measure that could not be taken here. */
interface Unmeasured {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  /** Why, for people: what is missing and what to do. */
  readonly unavailable: string;
}

export interface FigureResult extends Pick<Figure, "id" | "title" | "unit" | "target"> {
  /** Of the rounds that say something about it. */
  readonly values: readonly number[];
  /** null where no round does. */
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Whether the median reaches the target; null: no target, or a quick run, which is not judged. */
  readonly met: boolean | null;
}
