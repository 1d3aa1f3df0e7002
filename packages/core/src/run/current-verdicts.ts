import type { AnswerRecord, Sample, VerdictRecord } from "@unshift/contracts";
import { JudgedItems, type RunStore } from "@unshift/contracts/services";
import type { ManifestExperiment } from "./stored-run.js";

/**
 * The verdicts of a run folder that count: by its judges as the manifest has them and by people, about its samples and answers as
 * they are. What a judge of another version, options or engine said, and what was said of an answer or a question that changed
 * since, is left out until it is judged again; judging that was stopped half-way leaves the rest missing, never old.
 *
 * @param known samples and answers of the folder, where they are read already
 */
export async function currentVerdicts(
  store: RunStore,
  known?: { readonly samples: readonly Sample[]; readonly answers: readonly AnswerRecord[] },
): Promise<VerdictRecord[]> {
  const {
    systems,
    recorded = [],
    judges,
    annotators = [],
  } = store.manifest().experiment as unknown as ManifestExperiment;
  const { samples, answers } = known ?? { samples: await store.samples(), answers: await store.answers() };
  const rank = new Map(samples.map(({ id }, index) => [id, index]));
  const systemIds = new Set([...systems, ...recorded].map(({ id }) => id));
  const judgeOf = new Map(judges.map((judge) => [judge.id, judge]));
  const raters = new Set(annotators.map(({ id }) => id));
  const items = new JudgedItems(samples, answers);
  const counts = (verdict: VerdictRecord): boolean => {
    const judge = judgeOf.get(verdict.judge);
    return (
      systemIds.has(verdict.system) &&
      rank.has(verdict.sampleId) &&
      (judge === undefined ? raters.has(verdict.judge) : isSaidBy(judge, verdict)) &&
      (verdict.itemKey === undefined || verdict.itemKey === items.keyOf(verdict))
    );
  };
  // Judging several items at once stores them as they end; tables must not show in which order that was.
  return (await store.verdicts())
    .filter(counts)
    .toSorted((a, b) => (rank.get(a.sampleId) ?? 0) - (rank.get(b.sampleId) ?? 0));
}

/** Whether the judge is the one it was, and would be given this: it may have judged pairs before, or other pairs. */
function isSaidBy(
  { key, judges, pairs }: ManifestExperiment["judges"][number],
  { judgeKey, system, against }: VerdictRecord,
): boolean {
  // A folder that was never judged since 2026-11-22 does not say who judged; all its verdicts count, as they did.
  if (key !== undefined && key !== judgeKey) {
    return false;
  }
  if (judges !== undefined && (judges === "pairs") !== (against !== undefined)) {
    return false;
  }
  return (
    pairs === undefined ||
    pairs.some(([one, other]) => (one === system && other === against) || (one === against && other === system))
  );
}
