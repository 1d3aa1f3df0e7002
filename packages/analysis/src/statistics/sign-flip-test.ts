import { type ClusterSums, groupClusters } from "./cluster-sums.js";
import type { Random } from "./seeded-random.js";

/** Up to this many differences every one of the 2^n sign patterns is counted; above, patterns are drawn. */
const exactSignFlips = 14;
const drawnSignFlips = 9999;
const maxFlippedGroups = 2048;

/**
 * Two-sided sign-flip permutation test of paired differences against "either subject could have been the other": under it every
 * difference may change its sign. The statistic is |Σ dᵢ|. For n ≤ 14 p is the exact share of sign patterns at least as extreme;
 * above, p = (1 + extreme) / (1 + 9999) over random patterns (Phipson and Smyth 2010), so it is never 0. More than 2048
 * differences are flipped in random groups, which is a valid subgroup of patterns.
 *
 * @returns p in (0, 1], or null without differences, or where one is not known (NaN).
 */
export function signFlipTest(differences: Float64Array, random: Random): number | null {
  if (differences.length === 0 || differences.some(Number.isNaN)) return null;
  const ungrouped: ClusterSums = { clusters: differences.length, width: 1, data: differences };
  const values = groupClusters(ungrouped, maxFlippedGroups, random).data;
  let observed = 0;
  let magnitude = 0;
  for (const value of values) {
    observed += value;
    magnitude += Math.abs(value);
  }
  // Patterns that are equal on paper may differ in the last bits.
  const threshold = Math.abs(observed) - 1e-12 * magnitude;
  return values.length <= exactSignFlips ? exactShare(values, threshold) : drawnShare(values, threshold, random);
}

function exactShare(values: Float64Array, threshold: number): number {
  const patterns = 2 ** values.length;
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += (pattern >>> i) & 1 ? -(values[i] as number) : (values[i] as number);
    if (Math.abs(sum) >= threshold) extreme++;
  }
  return extreme / patterns;
}

function drawnShare(values: Float64Array, threshold: number, random: Random): number {
  let extreme = 0;
  for (let draw = 0; draw < drawnSignFlips; draw++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < values.length; i++) {
      if ((i & 31) === 0) bits = random.next();
      sum += bits & 1 ? -(values[i] as number) : (values[i] as number);
      bits >>>= 1;
    }
    if (Math.abs(sum) >= threshold) extreme++;
  }
  return (1 + extreme) / (1 + drawnSignFlips);
}
