import { cholesky, solveCholesky } from "./cholesky.js";

/** Unmet points, in games, at which the fit is done. */
const tolerance = 1e-9;
const mostSweeps = 2000;
const sweepsPerNewtonStep = 5;
/** Largest change of a ln γ in a Newton step: where points are nearly all on one side, whole steps run off. */
const longestStep = 2;

/**
 * Maximum likelihood of the Bradley–Terry model P(i beats j) = γᵢ / (γᵢ + γⱼ) by minorise–maximise steps (Hunter 2004, eq. 3, one
 * system after another): γᵢ ← Wᵢ / Σⱼ Nᵢⱼ / (γᵢ + γⱼ), with Wᵢ the points of i and Nᵢⱼ the games of i and j. At the maximum every system
 * has the points that the model expects of it.
 *
 * Each step raises the likelihood, but between systems that few games link they would take tens of thousands; so every few sweeps a
 * Newton step in ln γ is made between them, halved where it would lower the likelihood.
 *
 * Assumes that the maximum exists (`separatedGroup` finds none).
 *
 * @param points [systems, systems] row by row: points of i against j, ties half a point to each; numbers need not be whole
 * @param start [systems] ln γ to begin with. Default 0.
 * @returns [systems] ln γ with mean 0; null where the steps did not come to rest
 */
export function fitBradleyTerry(points: Float64Array, systems: number, start?: Float64Array): Float64Array | null {
  let logs: Float64Array = Float64Array.from({ length: systems }, (_, i) => start?.[i] ?? 0);
  for (let sweep = 1; sweep <= mostSweeps; sweep++) {
    const strengths = logs.map(Math.exp);
    const unmet = minoriseMaximise(points, strengths);
    logs = centred(strengths);
    if (unmet <= tolerance) return logs;
    if (sweep % sweepsPerNewtonStep === 0) logs = newtonStep(points, logs);
  }
  return null;
}

/** One sweep; returns by how many points the strengths were off before it, at most over the systems. */
function minoriseMaximise(points: Float64Array, strengths: Float64Array): number {
  const systems = strengths.length;
  let unmet = 0;
  for (let i = 0; i < systems; i++) {
    const strength = strengths[i] as number;
    let won = 0;
    let rate = 0;
    for (let j = 0; j < systems; j++) {
      if (j === i) continue;
      const of = points[i * systems + j] as number;
      won += of;
      rate += (of + (points[j * systems + i] as number)) / (strength + (strengths[j] as number));
    }
    unmet = Math.max(unmet, Math.abs(won - strength * rate));
    strengths[i] = won / rate;
  }
  return unmet;
}

/** A Newton step, shortened to `longestStep` and halved until it does not lower the likelihood. The last system stands still. */
function newtonStep(points: Float64Array, logs: Float64Array): Float64Array {
  const systems = logs.length;
  const free = systems - 1;
  const gradient = new Float64Array(free);
  const information = new Float64Array(free * free);
  for (let i = 0; i < free; i++) {
    for (let j = 0; j < systems; j++) {
      if (j === i) continue;
      const games = (points[i * systems + j] as number) + (points[j * systems + i] as number);
      if (games === 0) continue;
      const p = 1 / (1 + Math.exp((logs[j] as number) - (logs[i] as number)));
      gradient[i] = (gradient[i] as number) + (points[i * systems + j] as number) - games * p;
      const slope = games * p * (1 - p);
      information[i * free + i] = (information[i * free + i] as number) + slope;
      if (j < free) information[i * free + j] = -slope;
    }
  }
  const lower = cholesky(information, free);
  if (lower === null) return logs;
  const step = solveCholesky(lower, gradient);
  // Next to the maximum likelihoods differ by rounding only, and the step is still the better way there.
  const before = logLikelihood(points, logs);
  const enough = before - 1e-12 * Math.abs(before);
  const longest = step.reduce((most, change) => Math.max(most, Math.abs(change)), longestStep);
  for (let share = longestStep / longest; share > 1e-9; share /= 2) {
    const next = logs.map((log, i) => log + share * (step[i] ?? 0));
    if (logLikelihood(points, next) >= enough) return next;
  }
  return logs;
}

function logLikelihood(points: Float64Array, logs: Float64Array): number {
  const systems = logs.length;
  let sum = 0;
  for (let i = 0; i < systems; i++) {
    for (let j = 0; j < systems; j++) {
      const won = points[i * systems + j] as number;
      if (won > 0) sum -= won * Math.log1p(Math.exp((logs[j] as number) - (logs[i] as number)));
    }
  }
  return sum;
}

/** Logarithms, shifted: only ratios of strengths mean something, so their geometric mean is set to 1. */
function centred(strengths: Float64Array): Float64Array {
  const logs = strengths.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.map((log) => log - mean);
}
