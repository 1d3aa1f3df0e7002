import type { AnswerRecord } from "../answer.js";
import type { VerdictRecord } from "../judge.js";
import type { Sample } from "../sample.js";
import type { ComparisonRecord } from "../shift.js";
import type { Table } from "../table.js";
import type { TokenView } from "./engine.js";
import type { Manifest, StoredPositions } from "./store.js";

export interface ReportShift {
  readonly id: string;
  readonly answers: string;
  readonly subject: string;
  readonly comparisons: readonly ComparisonRecord[];
  positions(sampleId: string): Promise<StoredPositions | null>;
}

/** A finished run as a reporter sees it. */
export interface ReportInput {
  readonly manifest: Manifest;
  readonly samples: readonly Sample[];
  /** Model and strategy are null of a system known by its answers alone. */
  readonly systems: readonly { readonly id: string; readonly model: string | null; readonly strategy: string | null }[];
  readonly answers: readonly AnswerRecord[];
  readonly verdicts: readonly VerdictRecord[];
  readonly shifts: readonly ReportShift[];
  readonly tables: readonly Table[];
  /** Text of ids of a system's vocabulary (for top-k lists and contexts). */
  token(system: string, id: number): TokenView;
}

export interface ReportFile {
  /** Relative name: `report.html`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Draws a run. */
export interface Reporter {
  render(input: ReportInput): Promise<readonly ReportFile[]>;
}
