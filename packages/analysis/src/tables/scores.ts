import type { Table } from "@unshift/contracts";
import type { JudgeOfSystem } from "../judges/score-systems.js";
import { undefinedEstimate } from "../statistics/estimate.js";
import { buildTable, type ColumnOf, count, estimated, text } from "./table-columns.js";

interface Row {
  readonly of: JudgeOfSystem;
  readonly aspect: string | null;
}

/** Scores in long form: one row per system, judge and aspect (one without aspect where a judge scored nothing). */
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
      "Mean score over these answers; of an answer judged several times its mean counts once.",
      (row) => aspectOf(row)?.mean ?? undefinedEstimate,
    ),
    ...estimated<Row>(
      "mean_words",
      "words",
      "Mean count of words of these answers.",
      (row) => aspectOf(row)?.words ?? undefinedEstimate,
    ),
    count("scored", "verdicts", "Verdicts with a score; every repeat is a verdict.", ({ of }) => of.scored),
    count("not_applicable", "verdicts", "Verdicts that the judge has nothing to say.", ({ of }) => of.notApplicable),
    count(
      "aspect_not_applicable",
      "verdicts",
      "Verdicts with scores that say that this aspect does not apply.",
      (row) => aspectOf(row)?.notApplicable ?? 0,
    ),
    count("unparsed", "verdicts", "Verdicts whose reply could not be read.", ({ of }) => of.unparsed),
    count("failed", "verdicts", "Verdicts the judge failed on.", ({ of }) => of.failed),
    count("repaired", "verdicts", "Verdicts read from a reply that was not as asked for.", ({ of }) => of.repaired),
    text(
      "na_policy",
      "What the judge does with an aspect that does not apply, as its options say; null where they do not.",
      ({ of }) => of.naPolicy,
    ),
  ];
  const rows = scored.flatMap((of): Row[] => {
    const aspects = [...of.aspects.keys()];
    return aspects.length === 0 ? [{ of, aspect: null }] : aspects.map((aspect) => ({ of, aspect }));
  });
  return buildTable("scores", "Scores", columns, rows);
}
