import type { EvalRes } from "../read-verdicts/eval-res.js";

/** just-eval's summary file. */
export function writeEvalRes(summary: EvalRes): string {
  return `${JSON.stringify(rowOf(summary), null, 2)}\n`;
}

function rowOf(summary: EvalRes): object {
  const { total, outputFile: output_file } = summary;
  if (summary.kind === "scores") {
    const { means, deviation, averageWords: avg_lens } = summary;
    const columns =
      deviation === undefined
        ? Object.fromEntries(Object.entries(means).map(([aspect, mean]) => [`${aspect}_mean`, mean]))
        : { average_score: means.overall, std: deviation };
    return { total, ...columns, avg_lens, output_file };
  }
  const { wins, averageWords: avg_lens } = summary;
  const aspects = Object.keys(wins);
  // Of several aspects the released code begins each with the ties, also where there are none.
  const counts =
    aspects.length === 1 && aspects[0] === "overall"
      ? wins.overall
      : Object.fromEntries(Object.entries(wins).map(([aspect, own]) => [aspect, { same: 0, ...own }]));
  return { ...counts, total, avg_lens, output_file };
}
