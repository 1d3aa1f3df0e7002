import { cholesky, solveCholesky } from "./cholesky.js";

/** What is fitted: P(y) = σ(xᵀβ). */
export interface LogisticData {
  /** [rows, terms] row by row; a constant term is a column of ones. */
  readonly design: Float64Array;
  readonly terms: number;
  /** [rows] in [0, 1]: a label, or a probability (a tie is ½). */
  readonly outcomes: Float64Array;
  /** [rows] how often each row counts. Default 1. */
  readonly weights?: Float64Array;
}

export interface LogisticOptions {
  /** [terms] λⱼ ≥ 0 of the penalty ½ Σ λⱼ βⱼ² (scikit-learn's 1 / C). Default 0: maximum likelihood. */
  readonly ridge?: readonly number[];
  /** [terms] β to begin with. Default 0. */
  readonly start?: Float64Array;
}

export type LogisticFit =
  | {
      readonly status: "fitted";
      /** [terms] */
      readonly coefficients: Float64Array;
      /** [terms] roots of the diagonal of the inverse of the (penalised) information; the usual ones where there is no ridge. */
      readonly standardErrors: Float64Array;
      /** Σ w (y ln p + (1 − y) ln(1 − p)), without the penalty, nats. */
      readonly logLikelihood: number;
      readonly iterations: number;
    }
  | { readonly status: "unfitted"; readonly because: "separated" | "collinear" | "no-convergence" };

const mostIterations = 100;
/** Largest slope of the mean log likelihood at which a fit is done. */
const tolerance = 1e-12;
/** |xᵀβ| past which the terms tell outcomes apart without error: the likelihood still rises, its maximum is at infinity. */
const separatedAt = 25;

/**
 * Logistic regression by Newton's method, the same as iteratively reweighted least squares (McCullagh and Nelder 1989, §4.4), with
 * halved steps where a whole one would lower the likelihood. Outcomes may be fractions (quasi-binomial estimates).
 */
export function logisticRegression(data: LogisticData, options: LogisticOptions = {}): LogisticFit {
  const { terms } = data;
  const ridge = options.ridge ?? [];
  let at = evaluate(
    data,
    ridge,
    Float64Array.from({ length: terms }, (_, j) => options.start?.[j] ?? 0),
  );
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const lower = cholesky(at.information, terms);
    if (at.largest > separatedAt) return { status: "unfitted", because: "separated" };
    if (lower === null) return { status: "unfitted", because: "collinear" };
    if (at.gradient.every((slope) => Math.abs(slope) <= tolerance * at.weight)) {
      return {
        status: "fitted",
        coefficients: at.coefficients,
        standardErrors: rootsOfInverseDiagonal(lower, terms),
        logLikelihood: at.logLikelihood,
        iterations: iteration,
      };
    }
    const step = solveCholesky(lower, at.gradient);
    let next = evaluate(data, ridge, moved(at.coefficients, step, 1));
    // Near the maximum a whole step may lose a rounding error: only real losses are halved.
    for (let share = 0.5; next.objective < at.objective - 1e-9 * Math.abs(at.objective) && share > 1e-6; share /= 2) {
      next = evaluate(data, ridge, moved(at.coefficients, step, share));
    }
    at = next;
  }
  return { status: "unfitted", because: "no-convergence" };
}

interface Evaluation {
  readonly coefficients: Float64Array;
  readonly logLikelihood: number;
  readonly objective: number;
  readonly gradient: Float64Array;
  /** [terms, terms] negative second derivatives of the objective. */
  readonly information: Float64Array;
  /** Largest |xᵀβ| of a row that counts. */
  readonly largest: number;
  readonly weight: number;
}

function evaluate(data: LogisticData, ridge: readonly number[], coefficients: Float64Array): Evaluation {
  const { design, terms, outcomes } = data;
  const gradient = new Float64Array(terms);
  const information = new Float64Array(terms * terms);
  let logLikelihood = 0;
  let largest = 0;
  let total = 0;
  for (let row = 0; row < outcomes.length; row++) {
    const weight = data.weights?.[row] ?? 1;
    if (weight === 0) continue;
    const at = row * terms;
    let eta = 0;
    for (let j = 0; j < terms; j++) eta += (design[at + j] as number) * (coefficients[j] as number);
    const y = outcomes[row] as number;
    const p = 1 / (1 + Math.exp(-eta));
    // y ln p + (1 − y) ln(1 − p) = y·η − ln(1 + e^η), written so that e^η cannot overflow.
    logLikelihood += weight * (y * eta - Math.max(eta, 0) - Math.log1p(Math.exp(-Math.abs(eta))));
    largest = Math.max(largest, Math.abs(eta));
    total += weight;
    for (let j = 0; j < terms; j++) {
      gradient[j] = (gradient[j] as number) + weight * (y - p) * (design[at + j] as number);
      const scaled = weight * p * (1 - p) * (design[at + j] as number);
      for (let k = 0; k < terms; k++) {
        information[j * terms + k] = (information[j * terms + k] as number) + scaled * (design[at + k] as number);
      }
    }
  }
  let penalty = 0;
  for (let j = 0; j < terms; j++) {
    const lambda = ridge[j] ?? 0;
    const beta = coefficients[j] as number;
    penalty += (lambda * beta * beta) / 2;
    gradient[j] = (gradient[j] as number) - lambda * beta;
    information[j * terms + j] = (information[j * terms + j] as number) + lambda;
  }
  return {
    coefficients,
    logLikelihood,
    objective: logLikelihood - penalty,
    gradient,
    information,
    largest,
    weight: total,
  };
}

function moved(from: Float64Array, step: Float64Array, share: number): Float64Array {
  return from.map((value, j) => value + share * (step[j] as number));
}

function rootsOfInverseDiagonal(lower: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, j) => {
    const unit = new Float64Array(n);
    unit[j] = 1;
    return Math.sqrt(solveCholesky(lower, unit)[j] as number);
  });
}
