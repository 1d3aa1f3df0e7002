import type { BootstrapOptions } from "../statistics/cluster-bootstrap.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { clustersOf } from "./clustered.js";
import { pairableUnits, type RatedUnit, type Rating } from "./rated-unit.js";
import { weightBootstrap } from "./weight-bootstrap.js";

export interface KappaOptions extends BootstrapOptions {
  /** How bad a disagreement is: all alike, by steps on the scale, or by their square (Cohen 1968). Default "none". */
  readonly weights?: "none" | "linear" | "quadratic";
  /**
   * The categories in order, with those that nobody used: steps are counted on it. Default: numbers that occur, ascending. Weights
   * over categories that are not numbers need it.
   */
  readonly scale?: readonly Rating[];
}

/** Agreement of two raters beyond chance: 1 full, 0 chance, negative below. */
export interface Kappa extends Estimate {
  /** Units that both rated. */
  readonly n: number;
}

/**
 * Cohen's kappa of two raters (Cohen 1960; weighted: Cohen 1968): 1 − Σ wᵢⱼ oᵢⱼ / Σ wᵢⱼ eᵢⱼ over the categories, with o the shares of
 * units rated i by the first and j by the second, e the product of their margins and w the badness of that disagreement. 95 %
 * percentile bootstrap interval over clusters. Undefined (null) where both used one and the same category throughout.
 *
 * @throws RangeError for a unit with another number of raters than two, a rating off the scale, or weights without an order
 */
export function cohenKappa(units: readonly RatedUnit[], random: Random, options: KappaOptions = {}): Kappa {
  for (const { sampleId, ratings } of units) {
    if (ratings.length !== 2) throw new RangeError(`kappa is of two raters, ${sampleId} has ${ratings.length} places`);
  }
  const pairs = pairableUnits(units);
  const scale = scaleOf(pairs, options);
  const place = new Map(scale.map((rating, i) => [rating, i]));
  const size = scale.length;
  const cells = pairs.map(({ sampleId, ratings: [first, second] }) => {
    const row = place.get(first as Rating);
    const column = place.get(second as Rating);
    if (row === undefined || column === undefined) throw new RangeError(`a rating of ${sampleId} is not on the scale`);
    return row * size + column;
  });
  const badness = badnessOf(size, options.weights ?? "none");
  const clusters = clustersOf(pairs);
  const figures = (weights: Float64Array): number[] => {
    const counts = new Float64Array(size * size);
    for (const [i, cell] of cells.entries()) {
      counts[cell] = (counts[cell] as number) + (weights[clusters.of[i] as number] as number);
    }
    return [kappaOf(counts, size, badness)];
  };
  const values = figures(new Float64Array(clusters.count).fill(1));
  const [kappa = undefinedEstimate] = weightBootstrap(clusters.count, values, figures, random, options);
  return { ...kappa, n: pairs.length };
}

/** @param counts [size, size] units by the first's and the second's category */
function kappaOf(counts: Float64Array, size: number, badness: Float64Array): number {
  const rows = new Float64Array(size);
  const columns = new Float64Array(size);
  let n = 0;
  let observed = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] as number;
    const row = Math.floor(cell / size);
    const column = cell % size;
    rows[row] = (rows[row] as number) + count;
    columns[column] = (columns[column] as number) + count;
    n += count;
    observed += (badness[cell] as number) * count;
  }
  let expected = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    expected +=
      (badness[cell] as number) * (rows[Math.floor(cell / size)] as number) * (columns[cell % size] as number);
  }
  return expected === 0 ? Number.NaN : 1 - (observed * n) / expected;
}

function badnessOf(size: number, weights: "none" | "linear" | "quadratic"): Float64Array {
  return Float64Array.from({ length: size * size }, (_, cell) => {
    const steps = Math.abs(Math.floor(cell / size) - (cell % size));
    return weights === "quadratic" ? steps * steps : weights === "linear" ? steps : Math.min(steps, 1);
  });
}

function scaleOf(pairs: readonly RatedUnit[], options: KappaOptions): readonly Rating[] {
  if (options.scale !== undefined) return options.scale;
  const found = [...new Set(pairs.flatMap(({ ratings }) => ratings as readonly Rating[]))];
  const numbers = found.filter((rating) => typeof rating === "number");
  if (numbers.length === found.length) return numbers.sort((a, b) => a - b);
  if ((options.weights ?? "none") !== "none")
    throw new RangeError("weights over categories need the scale that orders them");
  return found;
}
