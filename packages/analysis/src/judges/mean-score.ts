import { type Clustered, clustersOf, inSampleOrder } from "../comparison/clustered.js";
import { clusterBootstrap, ratioOf, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { type JudgedAnswer, scoreOf } from "./judged.js";

/** The mean score of answers in an aspect, and how long these answers are. */
export interface MeanScore {
  /** Answers with a score. */
  readonly n: number;
  readonly mean: Estimate;
  /** Mean count of words of these answers; undefined where one of them is not known. */
  readonly words: Estimate;
}

/**
 * Both means over the same resamples, which are those of `meanInterval`: the interval of the mean is the same to the last bit.
 *
 * @param isShare scores lie in 0–1: where all are the same the interval has width all the same
 */
export function meanScore(
  answers: readonly JudgedAnswer[],
  aspect: string,
  isShare: boolean,
  random: Random,
): MeanScore {
  const scored = answers.flatMap(({ sampleId, cluster, words, ...answer }) => {
    const score = scoreOf(answer, aspect);
    return score === null ? [] : [{ sampleId, cluster, values: [score, words ?? Number.NaN] }];
  });
  const [mean = undefinedEstimate, words = undefinedEstimate] = meansOf(scored, 2, random, isShare);
  return { n: scored.length, mean, words };
}

/** Means of columns of values over items, resampled together. @param isShare the first column's mean is a share */
export function meansOf(
  items: readonly (Clustered & { readonly values: readonly number[] })[],
  width: number,
  random: Random,
  isShare = false,
): Estimate[] {
  const ordered = inSampleOrder(items, (a, b) => (a.values[0] ?? 0) - (b.values[0] ?? 0));
  const clusters = clustersOf(ordered);
  const sums = clusterSums(clusters.count, width + 1);
  for (const [i, { values }] of ordered.entries()) {
    const at = (width + 1) * (clusters.of[i] as number);
    for (const [column, value] of [1, ...values].entries()) {
      sums.data[at + column] = (sums.data[at + column] as number) + value;
    }
  }
  const ratios = Array.from({ length: width }, (_, column) =>
    column === 0 && isShare ? shareStatistic(1, 0) : ratioOf(column + 1, 0),
  );
  return clusterBootstrap(sums, ratios, random);
}
