import type { Repetition } from "@unshift/contracts";
import { count, ordinal } from "./format.js";

/** `it ends in the same 4 tokens over and over: 9 times, from the 29th token on` */
export function repetitionText({ period, times, start }: Repetition): string {
  const what = period === 1 ? "the same token" : `the same ${count(period)} tokens`;
  return `it ends in ${what} over and over: ${count(times)} times, from the ${ordinal(start + 1)} token on`;
}
