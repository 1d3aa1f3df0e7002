import type { VerdictRecord } from "@unshift/contracts";
import type { ReportInput } from "@unshift/contracts/services";

/**
 * The verdicts that count, as the tables count them: of several records of one judgement the last, of a judge that was asked more often
 * once than it is now only as many repeats as now.
 */
export function countedVerdicts({ manifest, verdicts }: Pick<ReportInput, "manifest" | "verdicts">): VerdictRecord[] {
  const repeats = storedRepeats(manifest.experiment.judges);
  const last = new Map<string, VerdictRecord>();
  for (const verdict of verdicts) {
    const { judge, system, against = null, sampleId, repeat = 1 } = verdict;
    if (repeat > (repeats.get(judge) ?? Number.POSITIVE_INFINITY)) continue;
    last.set(JSON.stringify([judge, system, against, sampleId, repeat]), verdict);
  }
  return [...last.values()];
}

/** A judge that stands in the manifest without a number is asked once; one that does not stand there (a person) as often as it was. */
function storedRepeats(judges: unknown): Map<string, number> {
  const repeats = new Map<string, number>();
  if (!Array.isArray(judges)) return repeats;
  for (const judge of judges) {
    if (typeof judge?.id !== "string") continue;
    repeats.set(judge.id, typeof judge.repeat === "number" ? judge.repeat : 1);
  }
  return repeats;
}
