import { type BootstrapOptions, defaultResamples } from "../statistics/cluster-bootstrap.js";
import { type Estimate, finiteOrNull } from "../statistics/estimate.js";
import { quantile } from "../statistics/quantile.js";
import type { Random } from "../statistics/seeded-random.js";

/** Figures computed from clusters that count so many times: [clusters] → [figures]; NaN where one is undefined. */
export type WeightedFigures = (weights: Float64Array) => ArrayLike<number>;

/**
 * The percentile bootstrap of `clusterBootstrap`, for figures that are no function of added sums (a fitted model, an agreement
 * coefficient): n clusters drawn with replacement are told as how often each was drawn, and all figures come from one evaluation.
 * Limits: 2.5 % and 97.5 % quantiles over the resamples in which the figure is defined; none where fewer than half are, or where
 * there are fewer than two clusters.
 *
 * @param values [figures] the figures with every cluster counted once
 */
export function weightBootstrap(
  clusters: number,
  values: ArrayLike<number>,
  figures: WeightedFigures,
  random: Random,
  options: BootstrapOptions = {},
): Estimate[] {
  const points = Array.from(values, finiteOrNull);
  if (clusters < 2) return points.map((value) => ({ value, low: null, high: null }));
  const resamples = options.resamples ?? defaultResamples;
  const weights = new Float64Array(clusters);
  const draws = new Uint32Array(clusters);
  const drawn = points.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    weights.fill(0);
    random.fill(draws);
    for (let draw = 0; draw < clusters; draw++) {
      const cluster = Math.floor(((draws[draw] as number) / 4294967296) * clusters);
      weights[cluster] = (weights[cluster] as number) + 1;
    }
    const found = figures(weights);
    for (const [i, column] of drawn.entries()) column[resample] = found[i] as number;
  }
  return points.map((value, i) => {
    const defined = (drawn[i] as Float64Array).filter((value) => !Number.isNaN(value)).sort();
    const enough = defined.length * 2 >= resamples;
    const low = enough ? finiteOrNull(quantile(defined, 0.025)) : null;
    const high = enough ? finiteOrNull(quantile(defined, 0.975)) : null;
    return value === null || low === null || high === null ? { value, low: null, high: null } : { value, low, high };
  });
}
