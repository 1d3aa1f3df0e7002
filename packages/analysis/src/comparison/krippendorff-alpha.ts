import type { BootstrapOptions } from "../statistics/cluster-bootstrap.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { clustersOf } from "./clustered.js";
import { pairableUnits, type RatedUnit, type Rating, ratingsOf } from "./rated-unit.js";
import { weightBootstrap } from "./weight-bootstrap.js";

/** What a difference between two ratings means: nothing but that they differ, steps of rank, or units of the scale. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval";

/** Reliability: 1 full agreement, 0 chance, negative below. */
export interface Alpha extends Estimate {
  /** Units with at least two ratings. */
  readonly units: number;
  /** Their ratings. */
  readonly ratings: number;
}

/**
 * Krippendorff's alpha (Krippendorff 2011), 1 − observed / expected disagreement, for any number of raters and missing ratings:
 *
 *     α = 1 − (n − 1) · Σᵤ Σ_{i≠j in u} δ²(vᵢ, vⱼ) / (mᵤ − 1)  /  Σ_{c,k} n_c n_k δ²(c, k)
 *
 * over the n ratings of units with mᵤ ≥ 2 ratings; n_c is how often c was given. δ² is 1 for different ratings (nominal),
 * (c − k)² (interval), or that of their mid-ranks among all n ratings (ordinal: the same as Krippendorff's (Σ_{g=c…k} n_g −
 * (n_c + n_k) / 2)²). 95 % percentile bootstrap interval over clusters of units, mid-ranks found anew. Undefined (null) where all ratings
 * are the same: without variation there is nothing to be reliable about.
 *
 * @throws RangeError for a rating that is no number where the level is not nominal
 */
export function krippendorffAlpha(
  units: readonly RatedUnit[],
  level: MeasurementLevel,
  random: Random,
  options: BootstrapOptions = {},
): Alpha {
  const pairable = pairableUnits(units);
  const values = pairable.map(ratingsOf);
  const domain = domainOf(values.flat(), level);
  const place = new Map(domain.map((value, i) => [value, i]));
  const placed = values.map((of) => Int32Array.from(of, (value) => place.get(value) as number));
  const clusters = clustersOf(pairable);
  const figures = (ofCluster: Float64Array): number[] => {
    const weights = Float64Array.from(clusters.of, (cluster) => ofCluster[cluster] as number);
    return [alphaOf(placed, weights, domain, level)];
  };
  const point = figures(new Float64Array(clusters.count).fill(1));
  const [alpha = undefinedEstimate] = weightBootstrap(clusters.count, point, figures, random, options);
  return { ...alpha, units: pairable.length, ratings: values.reduce((sum, of) => sum + of.length, 0) };
}

/**
 * @param units ratings of each unit, as places in `domain`
 * @param weights [units] how often each counts
 */
function alphaOf(
  units: readonly Int32Array[],
  weights: Float64Array,
  domain: readonly Rating[],
  level: MeasurementLevel,
): number {
  const counts = new Float64Array(domain.length);
  let n = 0;
  for (const [u, unit] of units.entries()) {
    const weight = weights[u] as number;
    for (const value of unit) counts[value] = (counts[value] as number) + weight;
    n += weight * unit.length;
  }
  const positions = level === "nominal" ? null : positionsOf(domain, counts, n, level);
  // Twice the disagreement of all pairs with these counts: n² − Σ n_c² (nominal), or 2 (n Σ x² − (Σ x)²) over their positions.
  let observed = 0;
  for (const [u, unit] of units.entries()) {
    const weight = weights[u] as number;
    if (weight > 0) observed += (weight * disagreementOf(unit, positions)) / (unit.length - 1);
  }
  const expected = positions === null ? n * n - squares(counts) : spread(counts, positions, n);
  return expected > 0 ? 1 - ((n - 1) * observed) / expected : Number.NaN;
}

function disagreementOf(unit: Int32Array, positions: Float64Array | null): number {
  let sum = 0;
  for (let i = 0; i < unit.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = unit[i] as number;
      const b = unit[j] as number;
      if (a === b) continue;
      sum += positions === null ? 1 : ((positions[a] as number) - (positions[b] as number)) ** 2;
    }
  }
  return 2 * sum;
}

/** Where each value of the domain lies on the line: itself, or its mid-rank; shifted so that the mean rating is 0. */
function positionsOf(
  domain: readonly Rating[],
  counts: Float64Array,
  n: number,
  level: "ordinal" | "interval",
): Float64Array {
  let below = 0;
  const positions = Float64Array.from(domain, (value, i) => {
    if (level === "interval") return value as number;
    const count = counts[i] as number;
    below += count;
    return below - count / 2;
  });
  const mean = positions.reduce((sum, position, i) => sum + position * (counts[i] as number), 0) / n;
  return positions.map((position) => position - mean);
}

/** 0 for a single value in use: its position is 0 or the last bit of one, which squares exactly. */
function spread(counts: Float64Array, positions: Float64Array, n: number): number {
  let sum = 0;
  let square = 0;
  for (const [i, count] of counts.entries()) {
    sum += count * (positions[i] as number);
    square += count * (positions[i] as number) ** 2;
  }
  return 2 * (n * square - sum * sum);
}

function squares(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count * count, 0);
}

function domainOf(values: readonly Rating[], level: MeasurementLevel): Rating[] {
  const found = [...new Set(values)];
  if (level === "nominal") return found;
  return found
    .map((value) => {
      if (typeof value !== "number" || !Number.isFinite(value)) {
        throw new RangeError(`${level} ratings are finite numbers, not ${JSON.stringify(value)}`);
      }
      return value;
    })
    .sort((a, b) => a - b);
}
