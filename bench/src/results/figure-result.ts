import type { Figure, Round, Target } from "../measure.js";
import type { FigureResult } from "./bench-document.js";

/** A figure over all rounds, those left out that say nothing about it (NaN). */
export function figureResult(figure: Figure, rounds: readonly Round[], judged: boolean): FigureResult {
  const { id, title, unit, target } = figure;
  const values = rounds.map((round) => figure.of(round)).filter(Number.isFinite);
  if (values.length === 0) return { id, title, unit, target, values, median: null, min: null, max: null, met: null };
  const middle = median(values);
  const met = target === null || !judged ? null : reaches(middle, target);
  return { id, title, unit, target, values, median: middle, min: Math.min(...values), max: Math.max(...values), met };
}

function reaches(value: number, { direction, value: wanted }: Target): boolean {
  return direction === "at least" ? value >= wanted : value <= wanted;
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
