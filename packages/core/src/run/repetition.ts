import type { Repetition } from "@unshift/contracts";

/** A short phrase may stand three times by intent; what repeats over so many ids, so often, does not. */
const leastTimes = 4;
const leastIds = 24;
/** Longest period looked for, in ids. */
const longestPeriod = 256;

/**
 * The runaway repetition an answer ends in, or null: the smallest period p ≤ 256 under which the last ids repeat, at least four
 * whole times and 24 ids. Linear in ids for each period that the last ids allow.
 */
export function repetitionOf(ids: readonly number[]): Repetition | null {
  const most = Math.min(longestPeriod, Math.floor(ids.length / leastTimes));
  for (let period = 1; period <= most; period += 1) {
    let start = ids.length - period;
    while (start > 0 && ids[start - 1] === ids[start - 1 + period]) {
      start -= 1;
    }
    const covered = ids.length - start;
    const times = Math.floor(covered / period);
    if (times >= leastTimes && covered >= leastIds) {
      return { period, times, start };
    }
  }
  return null;
}
