import type { VerdictRecord } from "@unshift/contracts";

/** Verdicts of a judge by what became of them. */
export interface VerdictCounts {
  readonly scored: number;
  readonly preferred: number;
  readonly notApplicable: number;
  readonly unparsed: number;
  readonly failed: number;
}

/** By judge, in the order in which they occur. */
export function verdictCounts(verdicts: readonly VerdictRecord[]): Record<string, VerdictCounts> {
  const counts: Record<string, { -readonly [Kind in keyof VerdictCounts]: number }> = {};
  for (const { judge, judgement } of verdicts) {
    counts[judge] ??= { scored: 0, preferred: 0, notApplicable: 0, unparsed: 0, failed: 0 };
    counts[judge][judgement.status === "not-applicable" ? "notApplicable" : judgement.status] += 1;
  }
  return counts;
}
