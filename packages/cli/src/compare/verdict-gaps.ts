import type { AnswerRecord, VerdictRecord } from "@unshift/contracts";
import type { OpenedRun } from "./opened-run.js";

/** Verdicts of one judge in one run that are in no figure, repeats counted. What the judge says does not apply is no gap. */
export interface VerdictGaps {
  /** There should be: every answer, or pair of answers that was compared anywhere, as often as it is judged. */
  readonly wanted: number;
  /** Not there: judging did not come to them, or the answers are newer. */
  readonly missing: number;
  readonly unparsed: number;
  readonly failed: number;
}

/** By judge of the run's experiment, in its order. */
export function verdictGaps(
  { run, experiment }: OpenedRun,
  judges: readonly string[] | null,
): Map<string, VerdictGaps> {
  const answered = run.answers.filter(({ status }) => status === "answered");
  return new Map(
    experiment.judges
      .filter(({ id }) => judges === null || judges.includes(id))
      .map(({ id, repeat = 1 }) => {
        const own = run.verdicts.filter((verdict) => verdict.judge === id && (verdict.repeat ?? 1) <= repeat);
        const wanted = (isOfPairs(own) ? pairsOf(own, answered) : answered.length) * repeat;
        const having = (status: VerdictRecord["judgement"]["status"]) =>
          own.filter(({ judgement }) => judgement.status === status).length;
        const gaps: VerdictGaps = {
          wanted,
          missing: Math.max(0, wanted - own.length),
          unparsed: having("unparsed"),
          failed: having("failed"),
        };
        return [id, gaps];
      }),
  );
}

function isOfPairs(verdicts: readonly VerdictRecord[]): boolean {
  return verdicts.some(({ against }) => against !== undefined);
}

/** Samples that both systems answered, over the pairs of systems that occur. */
function pairsOf(verdicts: readonly VerdictRecord[], answered: readonly AnswerRecord[]): number {
  const samples = new Map<string, Set<string>>();
  for (const { system, sampleId } of answered) samples.set(system, (samples.get(system) ?? new Set()).add(sampleId));
  const pairs = new Map(
    verdicts.flatMap(({ system, against }) =>
      against === undefined ? [] : [[JSON.stringify([system, against]), [system, against]] as const],
    ),
  );
  return [...pairs.values()].reduce((sum, [one, other]) => {
    const there = samples.get(other);
    return sum + [...(samples.get(one) ?? [])].filter((id) => there?.has(id) === true).length;
  }, 0);
}

/** Verdicts without a score or preference, as a share of all there should be; 0 of none. */
export function gapShare({ wanted, missing, unparsed, failed }: VerdictGaps): number {
  return wanted === 0 ? 0 : (missing + unparsed + failed) / wanted;
}

/** `3 of 100 (1 missing, 2 unparsed)`. */
export function describeGaps({ wanted, missing, unparsed, failed }: VerdictGaps): string {
  const kinds = Object.entries({ missing, unparsed, failed }).filter(([, count]) => count > 0);
  const told = kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
  return `${missing + unparsed + failed} of ${wanted}${told === "" ? "" : ` (${told})`}`;
}
