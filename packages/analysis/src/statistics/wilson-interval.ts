import { type Estimate, undefinedEstimate } from "./estimate.js";

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * A share with Wilson's 95 % score interval (Wilson 1927): the proportions p for which |count/n − p| ≤ z √(p (1 − p) / n). Unlike the
 * bootstrap's, it has width where the share is 0 or 1. Assumes n independent trials.
 *
 * @returns shares in [0, 1]; nothing for n = 0
 */
export function wilsonInterval(count: number, n: number): Estimate {
  if (n === 0) return undefinedEstimate;
  const share = count / n;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // At the ends the limit is the share itself; rounding would miss it by an ulp.
  const low = count === 0 ? 0 : (centre - half) / scale;
  const high = count === n ? 1 : (centre + half) / scale;
  return { value: share, low, high };
}
