import type { Table } from "@unshift/contracts";
import type { JudgeOfSystem } from "../judges/score-systems.js";
import { buildTable, count, estimated, text } from "./table-columns.js";

/** One row per system and judge of answers: the mean over its aspects of their means (the paper's "Avg"). */
export function scoreAveragesTable(scored: readonly JudgeOfSystem[]): Table {
  return buildTable<JudgeOfSystem>(
    "score_averages",
    "Average over aspects",
    [
      text("system", "System whose answers were judged.", (of) => of.system),
      text("judge", "Judge id in the experiment.", (of) => of.judge),
      count("aspects", "aspects", "Aspects averaged over.", (of) => of.aspects.size),
      count("n", "answers", "Answers with a score in any of them.", (of) => of.answers),
      ...estimated<JudgeOfSystem>(
        "average",
        "score",
        "Mean of the aspects' mean scores; null where an aspect has no score, aspects have different scales, or are shares of different things.",
        (of) => of.average,
      ),
      ...estimated<JudgeOfSystem>("mean_words", "words", "Mean count of words of these answers.", (of) => of.words),
      text("na_policy", "What the judge does with an aspect that does not apply.", (of) => of.naPolicy),
    ],
    scored.filter(({ aspects }) => aspects.size > 0),
  );
}
