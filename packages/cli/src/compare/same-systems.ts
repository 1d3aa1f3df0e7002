import type { OpenedRun } from "./opened-run.js";
import { sampleContents } from "./sample-content.js";

/**
 * Systems of one id that gave the very same answers in several runs, as a baseline does: `run/system` → the one name they share,
 * `one+two/system`. They are the same where every sample that both runs have was answered under the same key, one at least.
 */
export function sameSystems(runs: readonly OpenedRun[]): ReadonlyMap<string, string> {
  const groups = new Map<string, { readonly labels: string[]; readonly answers: ReadonlyMap<string, string> }[]>();
  for (const opened of runs) {
    for (const { id } of opened.run.systems) {
      const answers = answerKeys(opened, id);
      const own = groups.get(id) ?? [];
      const group = own.find((candidate) => alike(candidate.answers, answers));
      if (group === undefined) groups.set(id, [...own, { labels: [opened.label], answers }]);
      else group.labels.push(opened.label);
    }
  }
  const names = [...groups].flatMap(([id, own]) =>
    own
      .filter(({ labels }) => labels.length > 1)
      .flatMap(({ labels }) => labels.map((label) => [`${label}/${id}`, `${labels.join("+")}/${id}`] as const)),
  );
  return new Map(names);
}

/** Sample, with what it asks → key of the answer. */
function answerKeys({ run }: OpenedRun, system: string): ReadonlyMap<string, string> {
  const contents = sampleContents(run.samples);
  return new Map(
    run.answers.flatMap((answer) =>
      answer.system === system && answer.status === "answered"
        ? [[JSON.stringify([answer.sampleId, contents.get(answer.sampleId)]), answer.key] as const]
        : [],
    ),
  );
}

function alike(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  const both = [...one].filter(([sample]) => other.has(sample));
  return both.length > 0 && both.every(([sample, key]) => other.get(sample) === key);
}
