import type { Table } from "@unshift/contracts";
import { krippendorffAlpha } from "../comparison/krippendorff-alpha.js";
import type { RatedUnit } from "../comparison/rated-unit.js";
import { selfConsistency } from "../comparison/self-consistency.js";
import { type Judges, outcomesOf, scoresOf } from "../judges/judged.js";
import { meansOf } from "../judges/mean-score.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { buildTable, count, estimated, text } from "./table-columns.js";

interface Row {
  readonly judge: string;
  readonly aspect: string;
  readonly level: "interval" | "nominal";
  readonly n: number;
  readonly judgements: number;
  readonly identical: Estimate;
  readonly deviation: Estimate;
  readonly alpha: Estimate;
}

/** What a judge says when it is asked the same again, by judge and aspect; no row where nothing was judged twice. */
export function judgeConsistency({ scoring, pairs }: Judges, seed: number): Table {
  const scores = scoring.flatMap(({ id, aspects, answers }) =>
    aspects.map((aspect): Row => {
      const repeated = answers.map((answer) => ({
        sampleId: JSON.stringify([answer.system, answer.sampleId]),
        cluster: answer.cluster,
        scores: scoresOf(answer, aspect),
      }));
      const found = selfConsistency(repeated, seededRandom(seed, labelOf(id, aspect)));
      return {
        judge: id,
        aspect,
        level: "interval",
        n: found.n,
        judgements: found.scores,
        identical: found.identicalShare,
        deviation: found.meanStandardDeviation,
        alpha: found.alpha,
      };
    }),
  );
  const preferences = pairs.flatMap(({ id, aspects, pairs: judged }) =>
    aspects.map((aspect): Row => {
      const repeated = judged
        .map((pair) => ({
          sampleId: JSON.stringify([pair.system, pair.against, pair.sampleId]),
          cluster: pair.cluster,
          ratings: outcomesOf(pair, aspect),
        }))
        .filter(({ ratings }) => ratings.length > 1);
      return { judge: id, aspect, level: "nominal", ...categories(repeated, seed, labelOf(id, aspect)) };
    }),
  );
  return buildTable<Row>(
    "judge_consistency",
    "Judges asked again",
    [
      text("judge", "Judge id in the experiment.", (row) => row.judge),
      text("aspect", "What was judged.", (row) => row.aspect),
      text("level", "interval: scores; nominal: preferences.", (row) => row.level),
      count("n", "items", "Answers, or pairs of answers, judged at least twice.", (row) => row.n),
      count("judgements", "verdicts", "Their scores or preferences.", (row) => row.judgements),
      ...estimated<Row>("identical", "share", "Share of them judged the same every time.", (row) => row.identical),
      ...estimated<Row>(
        "deviation",
        "score",
        "Mean standard deviation of an answer's scores; null for preferences.",
        (row) => row.deviation,
      ),
      ...estimated<Row>("alpha", "alpha", "Krippendorff's alpha, the repeats as raters.", (row) => row.alpha),
    ],
    [...scores, ...preferences].filter(({ n }) => n > 0),
  );
}

function labelOf(judge: string, aspect: string): string {
  return `judge_consistency ${JSON.stringify([judge, aspect])}`;
}

function categories(
  repeated: readonly RatedUnit[],
  seed: number,
  label: string,
): Pick<Row, "n" | "judgements" | "identical" | "deviation" | "alpha"> {
  const same = repeated.map(({ ratings, ...unit }) => ({ ...unit, values: [new Set(ratings).size === 1 ? 1 : 0] }));
  const [identical = undefinedEstimate] = meansOf(same, 1, seededRandom(seed, label));
  const alpha = krippendorffAlpha(repeated, "nominal", seededRandom(seed, `${label} alpha`));
  return { n: repeated.length, judgements: alpha.ratings, identical, deviation: undefinedEstimate, alpha };
}
