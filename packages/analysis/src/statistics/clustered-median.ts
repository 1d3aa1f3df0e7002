import type { Estimate } from "./estimate.js";

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Median of values in clusters with Woodruff's 95 % interval (Woodruff 1952): the limits are the quantiles at
 * ½ ± 1.96 · se, where se is the standard error, grouped by cluster, of the share of values ≤ the median. It costs one pass where a
 * bootstrap of medians would sort every resample.
 *
 * @param values [n], sorted in place
 * @param atMostMedian counts, for a cluster, its values ≤ a limit
 * @param sizes [clusters] values of each cluster
 */
export function clusteredMedian(
  values: Int32Array,
  sizes: ArrayLike<number>,
  atMostMedian: (cluster: number, limit: number) => number,
): Estimate {
  const n = values.length;
  if (n === 0) return { value: null, low: null, high: null };
  values.sort();
  const value = ((values[(n - 1) >> 1] as number) + (values[n >> 1] as number)) / 2;
  const clusters = sizes.length;
  if (clusters < 2) return { value, low: null, high: null };
  const counts = Array.from({ length: clusters }, (_, cluster) => atMostMedian(cluster, value));
  const share = counts.reduce((sum, count) => sum + count, 0) / n;
  let squares = 0;
  for (const [cluster, count] of counts.entries()) squares += (count - share * (sizes[cluster] as number)) ** 2;
  const se = Math.sqrt((clusters / (clusters - 1)) * squares) / n;
  return { value, low: lowerQuantile(values, 0.5 - z * se), high: upperQuantile(values, 0.5 + z * se) };
}

/** Smallest value whose share of values at most as large reaches p. */
function lowerQuantile(ascending: Int32Array, p: number): number {
  return ascending[Math.min(ascending.length - 1, Math.max(0, Math.ceil(p * ascending.length) - 1))] as number;
}

/** Its mirror: the next value where the share reaches p exactly, so that limits of an even number of values enclose their median. */
function upperQuantile(ascending: Int32Array, p: number): number {
  return ascending[Math.min(ascending.length - 1, Math.max(0, Math.floor(p * ascending.length)))] as number;
}
