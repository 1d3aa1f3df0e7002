import { type TableRow, tableRows } from "@unshift/analysis";
import type { Table } from "@unshift/contracts";

/** A system's mean score in an aspect; in an average over the judge's aspects `aspect` is null. */
export interface ScoreFigures {
  readonly judge: string;
  readonly aspect: string | null;
  readonly system: string;
  /** Answers with a score. */
  readonly n: number;
  /** In the judge's units; null without a score. */
  readonly mean: number | null;
  /** 95 % interval. */
  readonly ci: readonly [number, number] | null;
  /** What becomes of an aspect that does not apply; null where the judge's options do not say. */
  readonly naPolicy: string | null;
}

/** What the judges of answers came to, from the tables of scores; each judge's average where it has several aspects. */
export function scoreFigures(tables: readonly Table[]): readonly ScoreFigures[] {
  const scores = tableRows(tables, "scores")
    .filter(({ aspect }) => aspect !== null)
    .map((row) => figuresOf(row, String(row.aspect), "mean"));
  const averages = tableRows(tables, "score_averages")
    .filter(({ aspects, average }) => Number(aspects) > 1 && average !== null)
    .map((row) => figuresOf(row, null, "average"));
  const judges = new Set(scores.map(({ judge }) => judge));
  return [...judges].flatMap((judge) => [...scores, ...averages].filter((figures) => figures.judge === judge));
}

function figuresOf(row: TableRow, aspect: string | null, column: string): ScoreFigures {
  const [mean, low, high] = [row[column], row[`${column}_low`], row[`${column}_high`]];
  return {
    judge: String(row.judge),
    aspect,
    system: String(row.system),
    n: Number(row.n),
    mean: typeof mean === "number" ? mean : null,
    ci: typeof low === "number" && typeof high === "number" ? [low, high] : null,
    naPolicy: typeof row.na_policy === "string" ? row.na_policy : null,
  };
}
