import { type BootstrapOptions, clusterBootstrap, ratioOf, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { type Clustered, clustersOf } from "./clustered.js";
import { type Alpha, krippendorffAlpha } from "./krippendorff-alpha.js";
import { pairableUnits } from "./rated-unit.js";

/** One answer that one judge scored several times. */
export interface RepeatedScore extends Clustered {
  /** In the judge's units; null and NaN where a repeat gave no score. */
  readonly scores: readonly (number | null)[];
}

/** What a judge says when it is asked again. */
export interface SelfConsistency {
  /** Answers with at least two scores. */
  readonly n: number;
  /** Their scores. */
  readonly scores: number;
  /** Share of the answers whose scores are all equal, 0–1. */
  readonly identicalShare: Estimate;
  /** Mean over the answers of the standard deviation (k − 1) of their scores, in the judge's units. */
  readonly meanStandardDeviation: Estimate;
  /** Interval-level alpha, the repeats as raters: how much of the spread of scores is about the answers. */
  readonly alpha: Alpha;
}

/**
 * Self-consistency of a judge over repeats of the same requests, with 95 % percentile bootstrap intervals over clusters of answers.
 * Answers with fewer than two scores count in nothing. A judge that decodes greedily is consistent by construction; that is no
 * evidence that it is right.
 */
export function selfConsistency(
  repeated: readonly RepeatedScore[],
  random: Random,
  options: BootstrapOptions = {},
): SelfConsistency {
  const units = pairableUnits(
    repeated.map(({ scores, ...sample }) => ({
      ...sample,
      ratings: scores.filter((score): score is number => score !== null && Number.isFinite(score)),
    })),
  );
  const clusters = clustersOf(units);
  const sums = clusterSums(clusters.count, 3);
  for (const [i, { ratings }] of units.entries()) {
    const of = ratings as readonly number[];
    const row = 3 * (clusters.of[i] as number);
    for (const [column, value] of [1, new Set(of).size === 1 ? 1 : 0, deviation(of)].entries()) {
      sums.data[row + column] = (sums.data[row + column] as number) + value;
    }
  }
  const [identicalShare = undefinedEstimate, meanStandardDeviation = undefinedEstimate] = clusterBootstrap(
    sums,
    [shareStatistic(1, 0), ratioOf(2, 0)],
    random,
    options,
  );
  const alpha = krippendorffAlpha(units, "interval", random, options);
  return { n: units.length, scores: alpha.ratings, identicalShare, meanStandardDeviation, alpha };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
