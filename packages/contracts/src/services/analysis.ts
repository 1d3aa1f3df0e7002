import type { AnswerRecord } from "../answer.js";
import type { JsonObject } from "../json.js";
import type { Aspect, VerdictRecord } from "../judge.js";
import type { Sample } from "../sample.js";
import type { ComparisonRecord } from "../shift.js";
import type { Table } from "../table.js";
import type { ShiftColumns } from "./store.js";

/** One shift: the answers of one system compared with one subject. */
export interface ShiftInput {
  readonly id: string;
  /** System whose answers are compared; its model is the reference. */
  readonly answers: string;
  readonly subject: string;
  readonly columns: ShiftColumns;
  readonly comparisons: readonly ComparisonRecord[];
  /** Ids of control tokens that occur. */
  readonly specialIds: ReadonlySet<number>;
}

/** What the run says of a judge, besides its verdicts. */
export interface JudgeInput {
  /** Judge id in the experiment. */
  readonly id: string;
  readonly use: string;
  readonly version: string;
  readonly options: JsonObject;
  /** In the judge's order; none where the run was judged before they were stored. */
  readonly aspects: readonly Aspect[];
  /** How often every item is judged. */
  readonly repeat: number;
}

/** All that tables are computed from. */
export interface AnalysisInput {
  readonly samples: readonly Sample[];
  readonly answers: readonly AnswerRecord[];
  readonly verdicts: readonly VerdictRecord[];
  readonly shifts: readonly ShiftInput[];
  /** Systems in the order of the experiment. */
  readonly systems: readonly string[];
  /** Judges in the order of the experiment; absent where nothing is known but their verdicts. */
  readonly judges?: readonly JudgeInput[];
  /** Seed of bootstrap and permutation. */
  readonly seed: number;
}

/** Turns a run into tables. Deterministic: the same input gives the same tables. */
export interface Analysis {
  analyse(input: AnalysisInput): Table[] | Promise<Table[]>;
}
