import { type Table, UnshiftError } from "@unshift/contracts";
import { type TableRow, tableRows } from "./table-row.js";

/** Limits of a 95 % interval, or null where there is none. */
export type IntervalFigures = readonly [low: number, high: number] | null;

/** A shift in one line, as `unshift run --json` prints it. Shares lie in 0–1, KL and JS are in nats; null where there is no position, or no reference. */
export interface ShiftFigures {
  readonly positions: number;
  /** The answers came without a model: what needs a reference is null. */
  readonly withoutReference?: true;
  readonly unshifted: number | null;
  readonly marginal: number | null;
  readonly shifted: number | null;
  readonly meanKlNats: number | null;
  readonly meanKlReverseNats: number | null;
  readonly meanJs: number | null;
  readonly meanSubjectRank: number | null;
  readonly ci: Readonly<Record<(typeof shiftFigureColumns)[number][0], IntervalFigures>>;
}

/** A system in one line. `words` is the mean per answer; `accuracy` is there where the judge `reference` scored `correct`. */
export interface SystemFigures {
  readonly answers: number;
  readonly failed: number;
  readonly skipped: number;
  /** Answers that end in a runaway repetition. */
  readonly runaway: number;
  /** Answers made elsewhere; present where there are any. */
  readonly imported?: number;
  readonly words: number | null;
  readonly accuracy?: number;
}

const shiftFigureColumns = [
  ["unshifted", "unshifted"],
  ["marginal", "marginal"],
  ["shifted", "shifted"],
  ["meanKlNats", "mean_kl"],
  ["meanKlReverseNats", "mean_kl_reverse"],
  ["meanJs", "mean_js"],
  ["meanSubjectRank", "mean_subject_rank"],
] as const;

/** Read from the tables, so that a figure is the same wherever it is printed. @throws INTERNAL for an unknown shift. */
export function summariseShift(tables: readonly Table[], shift: string): ShiftFigures {
  const row = onlyRow(tables, "shift_summary", "shift", shift);
  const figures = Object.fromEntries(shiftFigureColumns.map(([figure, column]) => [figure, numberOrNull(row, column)]));
  const limits = Object.fromEntries(shiftFigureColumns.map(([figure, column]) => [figure, intervalOf(row, column)]));
  return {
    positions: numberOrNull(row, "positions") ?? 0,
    ...(row.has_reference === false ? { withoutReference: true } : {}),
    ...figures,
    ci: limits,
  } as unknown as ShiftFigures;
}

/** @throws INTERNAL for an unknown system. */
export function summariseSystem(tables: readonly Table[], system: string): SystemFigures {
  const row = onlyRow(tables, "systems", "system", system);
  const correct = tableRows(tables, "scores").find(
    (score) => score.system === system && score.judge === "reference" && score.aspect === "correct",
  );
  const imported = numberOrNull(row, "imported") ?? 0;
  const accuracy = correct === undefined ? null : numberOrNull(correct, "mean");
  return {
    answers: numberOrNull(row, "answers") ?? 0,
    failed: numberOrNull(row, "failed") ?? 0,
    skipped: numberOrNull(row, "skipped") ?? 0,
    runaway: numberOrNull(row, "runaway") ?? 0,
    ...(imported === 0 ? {} : { imported }),
    words: numberOrNull(row, "mean_words"),
    ...(accuracy === null ? {} : { accuracy }),
  };
}

function onlyRow(tables: readonly Table[], name: string, column: string, value: string): TableRow {
  const row = tableRows(tables, name).find((candidate) => candidate[column] === value);
  if (row === undefined) throw new UnshiftError("INTERNAL", `table ${name} has no row whose ${column} is ${value}`);
  return row;
}

function numberOrNull(row: TableRow, column: string): number | null {
  const value = row[column];
  return typeof value === "number" ? value : null;
}

function intervalOf(row: TableRow, column: string): IntervalFigures {
  const low = numberOrNull(row, `${column}_low`);
  const high = numberOrNull(row, `${column}_high`);
  return low === null || high === null ? null : [low, high];
}
