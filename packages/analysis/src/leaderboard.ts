import type { Table } from "@unshift/contracts";
import type { Estimate } from "./statistics/estimate.js";
import { type TableRow, tableRows } from "./table-row.js";
import { buildTable, type ColumnOf, count, estimated, figure, text } from "./tables/table-columns.js";

interface Row {
  readonly system: string;
  readonly rank: number | null;
  readonly n: number;
  readonly score: Estimate;
  readonly words: Estimate;
  readonly aspects: ReadonlyMap<string, number | null>;
  readonly unread: number;
  readonly naPolicy: string | null;
}

/**
 * Systems by a judge's average over its aspects, or by one of them, best first; the figures are those of `scores` and
 * `score_averages`. Equal figures share a rank; systems without one stand last and have none.
 *
 * @returns null where the judge scored nothing, or not in that aspect
 */
export function leaderboard(tables: readonly Table[], judge: string, by: string | null): Table | null {
  const scores = tableRows(tables, "scores").filter((row) => row.judge === judge && row.aspect !== null);
  const aspects = [...new Set(scores.map((row) => String(row.aspect)))];
  if (aspects.length === 0 || (by !== null && !aspects.includes(by))) return null;
  const averages = tableRows(tables, "score_averages").filter((row) => row.judge === judge);
  const rows = averages.map((average): Omit<Row, "rank"> => {
    const own = scores.filter(({ system }) => system === average.system);
    const ranked = by === null ? average : (own.find(({ aspect }) => aspect === by) ?? average);
    const [first = {}] = own;
    return {
      system: String(average.system),
      n: numberOf(ranked, "n") ?? 0,
      score: estimateOf(ranked, by === null ? "average" : "mean"),
      words: estimateOf(ranked, "mean_words"),
      aspects: new Map(own.map((row) => [String(row.aspect), numberOf(row, "mean")])),
      unread: (numberOf(first, "unparsed") ?? 0) + (numberOf(first, "failed") ?? 0),
      naPolicy: typeof average.na_policy === "string" ? average.na_policy : null,
    };
  });
  const scoreValue = (row: Omit<Row, "rank">): number => row.score.value ?? Number.NEGATIVE_INFINITY;
  const rankOf = (row: Omit<Row, "rank">): number | null =>
    row.score.value === null ? null : 1 + rows.filter((other) => scoreValue(other) > scoreValue(row)).length;
  const ordered = rows
    .map((row) => ({ ...row, rank: rankOf(row) }))
    .sort((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY) || 0);
  const ranking = by ?? "average";
  const columns: ColumnOf<Row>[] = [
    count("rank", "rank", "Place; equal scores share one.", (row) => row.rank),
    text("system", "System whose answers were judged.", (row) => row.system),
    count("n", "answers", "Answers with a score.", (row) => row.n),
    ...estimated<Row>(
      "score",
      "score",
      by === null ? "Mean of the aspects' mean scores." : `Mean ${by}.`,
      (row) => row.score,
    ),
    ...estimated<Row>("words", "words", "Mean count of words of these answers.", (row) => row.words),
    ...aspects.map((aspect) =>
      figure<Row>(`mean_${aspect}`, "score", `Mean ${aspect}.`, (row) => row.aspects.get(aspect) ?? null),
    ),
    count("without_score", "verdicts", "Verdicts unparsed or failed.", (row) => row.unread),
    text("na_policy", "What the judge does with an aspect that does not apply.", (row) => row.naPolicy),
  ];
  return buildTable(`leaderboard_${judge}`, `Leaderboard: ${ranking} by judge ${judge}`, columns, ordered);
}

function numberOf(row: TableRow, column: string): number | null {
  const value = row[column];
  return typeof value === "number" ? value : null;
}

function estimateOf(row: TableRow, column: string): Estimate {
  return { value: numberOf(row, column), low: numberOf(row, `${column}_low`), high: numberOf(row, `${column}_high`) };
}
