import type { ShiftClass } from "@unshift/contracts";
import { type CompatList, compatIndex, compatProbability, compatStrings } from "./top-list.js";

/**
 * The metrics AlignTDS released, faults included, to compare with figures published from it. They see 30 tokens a model,
 * renormalised, and tell tokens apart by decoded string; the exact metrics of a run come from the engine and differ.
 * Everywhere `base` is the untuned model's list and `aligned` the tuned one's.
 */

/** jaccard@k: strings in both top-k lists over strings in either. */
export function compatJaccard(base: CompatList, aligned: CompatList, k: number): number {
  const a = compatStrings(base, k);
  const b = compatStrings(aligned, k);
  let both = 0;
  for (const string of a) if (b.has(string)) both++;
  return both / (a.size + b.size - both);
}

/**
 * nDCG over whole lists: gain of an id is 1 / log2(i + 2) by its place i in the aligned list, discounted by its place in the base
 * list. The one released metric that goes by id.
 */
export function compatNdcg(base: CompatList, aligned: CompatList): number {
  const discount = (place: number): number => 1 / Math.log2(place + 2);
  const gains = new Map(aligned.ids.map((id, place) => [id, discount(place)]));
  const dcg = base.ids.reduce((sum, id, place) => sum + (gains.get(id) ?? 0) * discount(place), 0);
  const ideal = [...gains.values()].sort((a, b) => b - a).reduce((sum, gain, place) => sum + gain * discount(place), 0);
  return ideal === 0 ? 0 : dcg / ideal;
}

/** KL@k: Σ p_base · ln(p_base / p_aligned) over strings in both top-k lists. Not a divergence: it can be negative. */
export function compatKl(base: CompatList, aligned: CompatList, k: number): number {
  let sum = 0;
  for (const string of compatStrings(base, k)) {
    const p = compatProbability(base, string, k);
    const q = compatProbability(aligned, string, k);
    if (p > 0 && q > 0) sum += p * Math.log(p / q);
  }
  return sum;
}

/** WS@k: Σ p_base · p_aligned over strings in either top-k list. */
export function compatWeightedSum(base: CompatList, aligned: CompatList, k: number): number {
  let sum = 0;
  for (const string of compatStrings(base, k))
    sum += compatProbability(base, string, k) * compatProbability(aligned, string, k);
  return sum;
}

/** TR@k: place, from 0, of the aligned model's top string in the base top-k list; k where it is not there. */
export function compatTopRank(base: CompatList, aligned: CompatList, k: number): number {
  const at = compatIndex(base, aligned.strings[0] ?? "", k);
  return at < 0 ? k : at;
}

/** TP@k: base probability of the aligned model's top string; 0 where it is not in the base top-k list. */
export function compatTopProbability(base: CompatList, aligned: CompatList, k: number): number {
  return compatProbability(base, aligned.strings[0] ?? "", k);
}

/** BTP@k: mean of TP@k and its mirror. */
export function compatBiTopProbability(base: CompatList, aligned: CompatList, k: number): number {
  return (compatTopProbability(base, aligned, k) + compatTopProbability(aligned, base, k)) / 2;
}

/** Class by TR@10, which counts from 0: below 1 unshifted, below 3 marginal, else shifted. */
export function compatClass(base: CompatList, aligned: CompatList): ShiftClass {
  const rank = compatTopRank(base, aligned, 10);
  return rank < 1 ? "unshifted" : rank < 3 ? "marginal" : "shifted";
}
