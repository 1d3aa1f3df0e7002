import type { RunEvents } from "./run-events.js";
import type { ManifestExperiment, StoredRun } from "./stored-run.js";

/** Says of every judge how many of its verdicts are not there: judging that stopped half-way looks like a result. */
export function tellMissingVerdicts(run: StoredRun, events: Pick<RunEvents, "note">): void {
  for (const judge of (run.manifest.experiment as unknown as ManifestExperiment).judges) {
    const { repeat = 1 } = judge;
    const own = run.verdicts.filter((verdict) => verdict.judge === judge.id && (verdict.repeat ?? 1) <= repeat);
    const isOfPairs = judge.judges === undefined ? own[0]?.against !== undefined : judge.judges === "pairs";
    const wanted = repeat * (isOfPairs ? pairsOf(run, judge.pairs) : answered(run).length);
    if (own.length < wanted) {
      events.note(
        `judge "${judge.id}": ${wanted - own.length} of ${wanted} verdicts are not there, and in no figure; \`unshift judge\` or \`unshift run\` fills them in`,
      );
    }
  }
}

function answered({ answers }: StoredRun) {
  return answers.filter(({ status }) => status === "answered");
}

/** Samples that both systems answered, over all pairs. */
function pairsOf(run: StoredRun, pairs: readonly (readonly [string, string])[] | undefined): number {
  const ids = run.systems.map(({ id }) => id);
  const every = ids.flatMap((one, index) => ids.slice(index + 1).map((other) => [one, other] as const));
  const samples = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const { system, sampleId } of answered(run)) {
    samples.get(system)?.add(sampleId);
  }
  return (pairs ?? every).reduce(
    (sum, [one, other]) => sum + [...(samples.get(one) ?? [])].filter((id) => samples.get(other)?.has(id)).length,
    0,
  );
}
