import { type ClusterSums, groupClusters, totalsOf } from "./cluster-sums.js";
import { type Estimate, finiteOrNull } from "./estimate.js";
import { quantile } from "./quantile.js";
import type { Random } from "./seeded-random.js";
import { byColumn, weightedTotals } from "./weighted-totals.js";
import { wilsonInterval } from "./wilson-interval.js";

/** A figure computed from column totals; NaN where it is undefined. */
export interface Statistic {
  (totals: Float64Array): number;
  /** It lies in 0–1 and counts how many of something are so: its interval has width also where all clusters say the same. */
  readonly share?: true;
}

/** Total of one column over total of another: a micro-average, or a share. */
export function ratioOf(numerator: number, denominator: number): Statistic {
  return (totals) => {
    const below = totals[denominator] as number;
    return below === 0 ? Number.NaN : (totals[numerator] as number) / below;
  };
}

/** {@link ratioOf} where the first column counts some of what the second one counts. */
export function shareStatistic(some: number, all: number): Statistic {
  return asShare(ratioOf(some, all));
}

export function asShare(statistic: Statistic): Statistic {
  return Object.assign((totals: Float64Array) => statistic(totals), { share: true as const });
}

export interface BootstrapOptions {
  /** Resamples B. Default 2000. */
  readonly resamples?: number;
  /** Clusters beyond this are dealt into so many random groups. Default 2048. */
  readonly maxClusters?: number;
}

export const defaultResamples = 2000;
const defaultMaxClusters = 2048;

/**
 * Percentile bootstrap grouped by cluster (Efron and Tibshirani 1993, ch. 13; Field and Welsh 2007): n clusters are drawn with
 * replacement from n, each statistic is computed from their added sums; the limits are the 2.5 % and 97.5 % quantiles over B
 * resamples. All statistics of one call see the same resamples.
 *
 * Resamples in which a statistic is undefined are left out for it; where more than half are, or where a limit is infinite, there is
 * no interval. Fewer than two clusters: no interval.
 *
 * Where all clusters have the same share (all wins, no refusal) every resample has it too, and the percentiles would claim that it is
 * certain. There the limits are Wilson's for as many trials as there are clusters with some of what it is a
 * share of.
 */
export function clusterBootstrap(
  sums: ClusterSums,
  statistics: readonly Statistic[],
  random: Random,
  options: BootstrapOptions = {},
): Estimate[] {
  const totals = totalsOf(sums);
  const values = statistics.map((statistic) => finiteOrNull(statistic(totals)));
  if (sums.clusters < 2) return values.map((value) => ({ value, low: null, high: null }));

  const resamples = options.resamples ?? defaultResamples;
  const grouped = groupClusters(sums, options.maxClusters ?? defaultMaxClusters, random);
  const columns = byColumn(grouped);
  // How often each cluster was drawn: adding weighted columns is several times as fast as adding drawn rows.
  const weights = new Float64Array(grouped.clusters);
  const draws = new Uint32Array(grouped.clusters);
  const drawn = statistics.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    drawWeights(weights, draws, random);
    weightedTotals(columns, weights, totals);
    for (let i = 0; i < statistics.length; i++) {
      (drawn[i] as Float64Array)[resample] = (statistics[i] as Statistic)(totals);
    }
  }
  return values.map((value, i) => {
    const [low, high] = percentileLimits(drawn[i] as Float64Array);
    if (value === null || low === null || high === null) return { value, low: null, high: null };
    const statistic = statistics[i];
    if (low !== high || statistic?.share !== true) return { value, low, high };
    const trials = clustersWith(statistic, sums);
    return { ...wilsonInterval(value * trials, trials), value };
  });
}

/** Clusters that hold some of what the share is of. */
function clustersWith(share: Statistic, { data, width, clusters }: ClusterSums): number {
  let count = 0;
  for (let at = 0; at < clusters * width; at += width)
    if (!Number.isNaN(share(data.subarray(at, at + width)))) count += 1;
  return count;
}

function drawWeights(weights: Float64Array, draws: Uint32Array, random: Random): void {
  const n = weights.length;
  random.fill(draws);
  weights.fill(0);
  for (let draw = 0; draw < n; draw++) {
    const cluster = Math.floor(((draws[draw] as number) / 4294967296) * n);
    weights[cluster] = (weights[cluster] as number) + 1;
  }
}

function percentileLimits(drawn: Float64Array): readonly [number | null, number | null] {
  const defined = drawn.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length * 2 < drawn.length) return [null, null];
  return [finiteOrNull(quantile(defined, 0.025)), finiteOrNull(quantile(defined, 0.975))];
}
