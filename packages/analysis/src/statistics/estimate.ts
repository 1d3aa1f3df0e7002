/** A figure and its interval. `value` is null where it is undefined (no positions), the limits where n < 2 samples. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export const undefinedEstimate: Estimate = { value: null, low: null, high: null };

/** Tables never hold NaN, infinities or −0. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
