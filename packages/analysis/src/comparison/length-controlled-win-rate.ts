import type { BootstrapOptions } from "../statistics/cluster-bootstrap.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { type Clustered, clustersOf, inSampleOrder } from "./clustered.js";
import { type LogisticFit, logisticRegression } from "./logistic-regression.js";
import { weightBootstrap } from "./weight-bootstrap.js";

/** A judge's preference between a system's answer and the opponent's. */
export interface LengthPreference extends Clustered {
  /** 1 the system's, 0 the opponent's, ½ a tie, or the judge's probability for the system's. Null where there is none. */
  readonly preference: number | null;
  /** Length of the system's answer − length of the opponent's, in any one unit. */
  readonly lengthDifference: number;
  /** How hard the instruction is for everybody, any unit; used where every sample has one. */
  readonly difficulty?: number;
}

export interface LengthControlOptions extends BootstrapOptions {
  /** λ of a ridge penalty ½ λ β² on the length and difficulty terms; never on the model term. Default 0. */
  readonly ridge?: number;
}

export type LengthControlledWinRate =
  | {
      readonly status: "fitted";
      /** Win rate at equal lengths, 0–1. */
      readonly winRate: Estimate;
      /** Mean preference as it is, 0–1. */
      readonly rawWinRate: number;
      /** Log odds; a term that does not vary is left out (null). */
      readonly coefficients: {
        readonly model: number;
        readonly length: number | null;
        readonly difficulty: number | null;
      };
      /** What length differences are divided by: their standard deviation (n − 1). */
      readonly lengthDeviation: number;
      readonly n: number;
      readonly clusters: number;
      /** Resamples that could not be fitted, which the interval leaves out: where they are many, it is too narrow. */
      readonly unfittedResamples: number;
    }
  | {
      readonly status: "unfitted";
      readonly reason: string;
      /** Null without preferences. */
      readonly rawWinRate: number | null;
      readonly n: number;
    };

const reasons = {
  separated: "length (or everything) tells wins from losses without exception: the coefficients would be infinite",
  constant: "one system's answers are always longer by the same, so nothing tells what equal lengths would bring",
  collinear: "length and difficulty cannot be told apart in these samples",
  "no-convergence": "the regression did not come to rest",
} as const;

/**
 * Length-controlled win rate after Dubois et al. 2024 (AlpacaEval 2): logistic regression of the preference on
 *
 *     θ + φ · tanh(Δlength / sd(Δlength)) [+ ψ · difficulty]
 *
 * and the mean over samples of σ(θ [+ ψ · difficulty]): what the win rate would be were both answers equally long. Interval: 95 %
 * percentile bootstrap over clusters, the regression fitted anew, with sd kept.
 *
 * Simpler than theirs: maximum likelihood (or the ridge asked for) instead of a cross-validated L1 penalty; no added comparisons of a
 * verbose and a concise baseline; difficulty only as given, since theirs is fitted over many systems. So the figures are not those of
 * their leaderboard. Swapping the systems gives 1 − the win rate.
 *
 * @throws RangeError for a preference outside [0, 1] or a length difference or difficulty that is no finite number
 */
export function lengthControlledWinRate(
  preferences: readonly LengthPreference[],
  random: Random,
  options: LengthControlOptions = {},
): LengthControlledWinRate {
  const there = inSampleOrder(
    preferences.filter(isThere),
    (a, b) => a.preference - b.preference || a.lengthDifference - b.lengthDifference,
  );
  const n = there.length;
  if (n === 0) return { status: "unfitted", reason: "there are no preferences", rawWinRate: null, n };
  for (const item of there) check(item);
  const outcomes = Float64Array.from(there, ({ preference }) => preference);
  const rawWinRate = outcomes.reduce((sum, value) => sum + value, 0) / n;
  const lengthDeviation = deviation(there.map(({ lengthDifference }) => lengthDifference));
  if (lengthDeviation === 0 && there.some(({ lengthDifference }) => lengthDifference !== 0)) {
    return { status: "unfitted", reason: reasons.constant, rawWinRate, n };
  }
  const lengths =
    lengthDeviation > 0 ? there.map(({ lengthDifference }) => Math.tanh(lengthDifference / lengthDeviation)) : null;
  const difficulties = there.flatMap(({ difficulty }) => (difficulty === undefined ? [] : [difficulty]));
  const difficulty = difficulties.length === n && deviation(difficulties) > 0 ? difficulties : null;

  const columns = [new Array<number>(n).fill(1), ...(lengths ? [lengths] : []), ...(difficulty ? [difficulty] : [])];
  const terms = columns.length;
  const design = Float64Array.from(
    { length: n * terms },
    (_, at) => columns[at % terms]?.[Math.floor(at / terms)] ?? 0,
  );
  const ridge = columns.map((_, term) => (term === 0 ? 0 : (options.ridge ?? 0)));
  const fit = logisticRegression({ design, terms, outcomes }, { ridge });
  if (fit.status === "unfitted") return { status: "unfitted", reason: reasons[fit.because], rawWinRate, n };

  const clusters = clustersOf(there);
  const difficultyTerm = terms - 1;
  const atEqualLength = (of: LogisticFit, weights: Float64Array | null): number => {
    if (of.status === "unfitted") return Number.NaN;
    const model = of.coefficients[0] as number;
    if (difficulty === null) return 1 / (1 + Math.exp(-model));
    const slope = of.coefficients[difficultyTerm] as number;
    let sum = 0;
    let total = 0;
    for (const [i, hard] of difficulty.entries()) {
      const weight = weights?.[i] ?? 1;
      sum += weight / (1 + Math.exp(-model - slope * hard));
      total += weight;
    }
    return sum / total;
  };
  let unfittedResamples = 0;
  const figures = (ofCluster: Float64Array): number[] => {
    const weights = Float64Array.from(clusters.of, (cluster) => ofCluster[cluster] as number);
    const drawn = logisticRegression({ design, terms, outcomes, weights }, { ridge, start: fit.coefficients });
    if (drawn.status === "unfitted") unfittedResamples++;
    return [atEqualLength(drawn, weights)];
  };
  const [winRate = undefinedEstimate] = weightBootstrap(
    clusters.count,
    [atEqualLength(fit, null)],
    figures,
    random,
    options,
  );
  return {
    status: "fitted",
    winRate,
    rawWinRate,
    coefficients: {
      model: fit.coefficients[0] as number,
      length: lengths === null ? null : (fit.coefficients[1] as number),
      difficulty: difficulty === null ? null : (fit.coefficients[difficultyTerm] as number),
    },
    lengthDeviation,
    n,
    clusters: clusters.count,
    unfittedResamples,
  };
}

function isThere(item: LengthPreference): item is LengthPreference & { readonly preference: number } {
  return item.preference !== null && !Number.isNaN(item.preference);
}

function check({ sampleId, preference, lengthDifference, difficulty = 0 }: LengthPreference): void {
  if (!(preference !== null && preference >= 0 && preference <= 1)) {
    throw new RangeError(`a preference lies in [0, 1], not ${preference} (sample ${sampleId})`);
  }
  if (!Number.isFinite(lengthDifference) || !Number.isFinite(difficulty)) {
    throw new RangeError(`length difference and difficulty are finite numbers (sample ${sampleId})`);
  }
}

/** Standard deviation with n − 1; 0 for fewer than two values. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
