import type { Table } from "@unshift/contracts";
import { undefinedEstimate } from "../statistics/estimate.js";
import type { JudgeOfSystem } from "./system-scores.js";
import { buildTable, type ColumnOf, count, estimated, text } from "./table-columns.js";

interface Row {
  readonly of: JudgeOfSystem;
  readonly aspect: string | null;
}

/** Verdicts in long form: one row per system, judge and aspect (one without aspect where a judge scored nothing). */
export function scoresTable(scored: readonly JudgeOfSystem[]): Table {
  const aspectOf = ({ of, aspect }: Row) => (aspect === null ? undefined : of.aspects.get(aspect));
  const columns: ColumnOf<Row>[] = [
    text("system", "System whose answers were judged.", ({ of }) => of.system),
    text("judge", "Judge id in the experiment.", ({ of }) => of.judge),
    text("aspect", "What was scored; null where the judge scored no answer of any system.", ({ aspect }) => aspect),
    count("n", "answers", "Answers with a score in the aspect.", (row) => aspectOf(row)?.n ?? 0),
    ...estimated<Row>(
      "mean",
      "score",
      "Mean score over these answers.",
      (row) => aspectOf(row)?.mean ?? undefinedEstimate,
    ),
    count("scored", "answers", "Verdicts with a score.", ({ of }) => of.scored),
    count("not_applicable", "answers", "Verdicts that the judge has nothing to say.", ({ of }) => of.notApplicable),
    count("unparsed", "answers", "Verdicts whose reply could not be read.", ({ of }) => of.unparsed),
    count("failed", "answers", "Answers the judge failed on.", ({ of }) => of.failed),
  ];
  const rows = scored.flatMap((of): Row[] => {
    const aspects = [...of.aspects.keys()];
    return aspects.length === 0 ? [{ of, aspect: null }] : aspects.map((aspect) => ({ of, aspect }));
  });
  return buildTable("scores", "Verdicts", columns, rows);
}
