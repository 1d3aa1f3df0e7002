import type { SystemTablesInput } from "@unshift/analysis";
import type { Sample } from "@unshift/contracts";
import type { OpenedRun } from "./opened-run.js";
import { sameSystems } from "./same-systems.js";
import { sampleContents } from "./sample-content.js";

/**
 * Several runs as one: systems are called `run/system`; samples are one where id and content are the same, and else told apart, so
 * that only what answers the same question is paired; systems that gave the same answers are rated as one. Facts about judges, tags of samples and the seed are the first run's.
 *
 * @param judges ids of those whose verdicts count; null: all
 */
export function joinRuns(runs: readonly OpenedRun[], judges: readonly string[] | null): SystemTablesInput {
  const counts = (judge: string): boolean => judges === null || judges.includes(judge);
  const names = new Map<string, string>();
  const samples = new Map<string, Sample>();
  const known = new Map<string, NonNullable<SystemTablesInput["judges"]>[number]>();
  const joined = runs.map(({ label, run, experiment }) => {
    const ids = joinedIds(run.samples, names, label);
    for (const sample of run.samples) {
      const id = ids(sample.id);
      if (samples.has(id)) continue;
      const { follows, ...rest } = sample;
      samples.set(id, { ...rest, id, ...(follows === undefined ? {} : { follows: ids(follows) }) });
    }
    for (const judge of [...experiment.judges, ...(experiment.annotators ?? [])]) {
      if (!counts(judge.id)) continue;
      const before = known.get(judge.id);
      // A run that was judged more often keeps its repeats.
      const repeat = Math.max(before?.repeat ?? 1, judge.repeat ?? 1);
      const aspects = [...(before?.aspects ?? []), ...(judge.aspects ?? [])];
      const told = aspects.filter(({ id }, at) => aspects.findIndex((aspect) => aspect.id === id) === at);
      known.set(judge.id, { ...(before ?? judge), aspects: told, repeat });
    }
    const named = (system: string): string => `${label}/${system}`;
    return {
      systems: run.systems.map(({ id }) => named(id)),
      answers: run.answers.map((answer) => ({
        ...answer,
        system: named(answer.system),
        sampleId: ids(answer.sampleId),
      })),
      verdicts: run.verdicts
        .filter(({ judge }) => counts(judge))
        .map(({ against, ...verdict }) => ({
          ...verdict,
          system: named(verdict.system),
          sampleId: ids(verdict.sampleId),
          ...(against === undefined ? {} : { against: named(against) }),
        })),
    };
  });
  return {
    samples: [...samples.values()],
    systems: joined.flatMap(({ systems }) => systems),
    answers: joined.flatMap(({ answers }) => answers),
    verdicts: joined.flatMap(({ verdicts }) => verdicts),
    judges: [...known.values()],
    same: sameSystems(runs),
    seed: runs[0]?.experiment.seed ?? 0,
  };
}

/**
 * Under which id a run's sample stands among the joined ones: its own where nothing else has that id.
 *
 * @param names id and content → name, of the runs before; this run's are added
 */
function joinedIds(samples: readonly Sample[], names: Map<string, string>, label: string): (id: string) => string {
  const taken = new Set(names.values());
  const own = new Map<string, string>();
  for (const [id, content] of sampleContents(samples)) {
    const key = JSON.stringify([id, content]);
    const name = names.get(key) ?? (taken.has(id) ? `${id} (${label})` : id);
    names.set(key, name);
    own.set(id, name);
  }
  return (id) => own.get(id) ?? id;
}
