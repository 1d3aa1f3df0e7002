import type { AspectHead } from "../../payload/format.js";
import type { Estimate } from "../data/table-view.js";
import { count, percent, percentRange, real, realRange } from "./format.js";

type Scale = Pick<AspectHead, "isShare">;

/** A mean: of zeros and ones a share, else three digits. */
export function meanText(value: number | null, { isShare }: Scale): string {
  return isShare ? percent(value) : real(value);
}

export function meanRange({ isShare }: Scale): (low: number | null, high: number | null) => string {
  return isShare ? percentRange : realRange;
}

/** One score as the judge gave it. */
export function scoreText(score: number): string {
  return Number.isInteger(score) ? count(score) : real(score);
}

/** `4.21 (4.05 to 4.36), n 40` */
export function estimateText(estimate: Estimate, scale: Scale, n: number | null): string {
  const range = meanRange(scale)(estimate.low, estimate.high);
  return `${meanText(estimate.value, scale)}${range === "" ? "" : ` (${range})`}${n === null ? "" : `, n ${count(n)}`}`;
}

/** What an aspect that does not apply counts. */
export function naPolicyText(policy: string): string {
  if (policy === "exclude") return "An aspect that the judge says does not apply counts nothing.";
  if (policy === "five") return "An aspect that the judge says does not apply counts 5, and stands in the means so.";
  return `Of an aspect that does not apply the policy is “${policy}”.`;
}
