import { type ClusterSums, groupClusters, totalsOf } from "./cluster-sums.js";
import { type Estimate, finiteOrNull } from "./estimate.js";
import { quantile } from "./quantile.js";
import type { Random } from "./seeded-random.js";
import { byColumn, weightedTotals } from "./weighted-totals.js";

/** A figure computed from column totals; NaN where it is undefined. */
export type Statistic = (totals: Float64Array) => number;

/** Total of one column over total of another: a micro-average, or a share. */
export function ratioOf(numerator: number, denominator: number): Statistic {
  return (totals) => {
    const below = totals[denominator] as number;
    return below === 0 ? Number.NaN : (totals[numerator] as number) / below;
  };
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
    return value === null || low === null || high === null ? { value, low: null, high: null } : { value, low, high };
  });
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
