import { type BootstrapOptions, clusterBootstrap, ratioOf } from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { type Clustered, clustersOf, inSampleOrder } from "./clustered.js";

/** A judge's score of one answer. */
export interface Score extends Clustered {
  /** In the judge's units. Null, NaN and infinities are no score: "N/A", unparsed, failed. */
  readonly score: number | null;
}

/** A mean over scores; `value` in the judge's units. */
export interface MeanInterval extends Estimate {
  /** Scores that are there. */
  readonly n: number;
  /** Independent groups of scores: what the interval draws. */
  readonly clusters: number;
  /** Items without a score; they count in nothing else. */
  readonly absent: number;
}

export function isThere<T extends Score>(item: T): item is T & { readonly score: number } {
  return item.score !== null && Number.isFinite(item.score);
}

/**
 * Mean of the scores that are there, Σ s / n, with a 95 % percentile bootstrap interval over clusters (Efron and Tibshirani 1993,
 * ch. 13). Every score weighs the same, so a cluster of two scores weighs twice one of one.
 *
 * Percentile rather than BCa: it is the interval of every other table here, it never leaves the range of the scale, and for a mean it
 * mends what BCa would only from a jackknife whose skewness estimate is itself noise where clusters are few. What neither mends:
 * scores that are all equal give an interval of no width.
 *
 * Assumes clusters drawn independently. Fewer than two clusters with a score: no interval; no score: no value. The order of the
 * scores changes nothing.
 */
export function meanInterval(scores: readonly Score[], random: Random, options: BootstrapOptions = {}): MeanInterval {
  const there = inSampleOrder(scores.filter(isThere), (a, b) => a.score - b.score);
  const clusters = clustersOf(there);
  const sums = clusterSums(clusters.count, 2);
  for (const [i, { score }] of there.entries()) {
    const at = 2 * (clusters.of[i] as number);
    sums.data[at] = (sums.data[at] as number) + 1;
    sums.data[at + 1] = (sums.data[at + 1] as number) + score;
  }
  const [mean = undefinedEstimate] = clusterBootstrap(sums, [ratioOf(1, 0)], random, options);
  return { ...mean, n: there.length, clusters: clusters.count, absent: scores.length - there.length };
}
