import type { Aspect, VerdictRecord } from "@unshift/contracts";
import type { Manifest } from "@unshift/contracts/services";
import type { AspectHead, JudgeHead } from "./format.js";

/** Judge ids of people: `human:NAME`. */
const person = "human:";

/** What the manifest says of a judge; runs judged before it did say less. */
interface StoredJudge {
  readonly id: string;
  readonly aspects: readonly Aspect[];
  readonly naPolicy: string | null;
}

/** The judges of a run that said anything: those of the experiment in its order, then the others by id. */
export function judgeHeads(manifest: Manifest, verdicts: readonly VerdictRecord[]): JudgeHead[] {
  const stored = storedJudges(manifest);
  const byJudge = new Map<string, VerdictRecord[]>();
  for (const verdict of verdicts) {
    const own = byJudge.get(verdict.judge);
    if (own === undefined) byJudge.set(verdict.judge, [verdict]);
    else own.push(verdict);
  }
  const known = stored.flatMap(({ id }) => (byJudge.has(id) ? [id] : []));
  const ids = [...known, ...[...byJudge.keys()].filter((id) => !known.includes(id)).sort(compareText)];
  return ids.map((id) => {
    const own = byJudge.get(id) ?? [];
    const facts = stored.find((judge) => judge.id === id) ?? null;
    return {
      id,
      person: id.startsWith(person) ? id.slice(person.length) : null,
      judges: own.some(({ against }) => against !== undefined) ? "pairs" : "answers",
      naPolicy: facts?.naPolicy ?? null,
      aspects: aspectHeads(own, facts?.aspects ?? []),
    };
  });
}

function aspectHeads(verdicts: readonly VerdictRecord[], stored: readonly Aspect[]): AspectHead[] {
  const seen = new Map<string, { min: number; max: number; isShare: boolean }>();
  const note = (aspect: string, score: number | null): void => {
    const old = seen.get(aspect) ?? { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, isShare: true };
    seen.set(
      aspect,
      score === null
        ? old
        : {
            min: Math.min(old.min, score),
            max: Math.max(old.max, score),
            isShare: old.isShare && (score === 0 || score === 1),
          },
    );
  };
  for (const { judgement } of verdicts) {
    if (judgement.status === "scored") {
      for (const [aspect, score] of Object.entries(judgement.scores)) note(aspect, score);
      for (const aspect of judgement.notApplicable ?? []) note(aspect, null);
    } else if (judgement.status === "preferred") {
      for (const aspect of Object.keys(judgement.preferences)) note(aspect, null);
    }
  }
  const named = stored.flatMap(({ id }) => (seen.has(id) ? [id] : []));
  const ids = [...named, ...[...seen.keys()].filter((id) => !named.includes(id)).sort(compareText)];
  return ids.map((id) => {
    const facts = stored.find((aspect) => aspect.id === id);
    const extremes = seen.get(id);
    const isScored = extremes !== undefined && extremes.min <= extremes.max;
    const isShare = isScored && extremes.isShare && (facts === undefined || (facts.min === 0 && facts.max === 1));
    const [low, high] = isShare || !isScored ? [0, 1] : [extremes.min, extremes.max];
    // A scale may be open at an end (a reward model's): the extreme that was seen stands for it.
    const isScaleKnown = typeof facts?.min === "number" && typeof facts.max === "number";
    return {
      id,
      title: facts?.title ?? id,
      min: facts?.min ?? low,
      max: facts?.max ?? high,
      isScaleKnown,
      isShare,
    };
  });
}

function storedJudges({ experiment }: Manifest): StoredJudge[] {
  const { judges } = experiment;
  if (!Array.isArray(judges)) return [];
  return judges.flatMap((judge): StoredJudge[] => {
    if (typeof judge !== "object" || judge === null || Array.isArray(judge)) return [];
    const { id, aspects, options } = judge;
    if (typeof id !== "string") return [];
    const policy = typeof options === "object" && options !== null && !Array.isArray(options) ? options.naPolicy : null;
    return [
      {
        id,
        aspects: Array.isArray(aspects) ? aspects.flatMap((aspect) => aspectOf(aspect)) : [],
        naPolicy: typeof policy === "string" ? policy : null,
      },
    ];
  });
}

function aspectOf(value: unknown): Aspect[] {
  if (typeof value !== "object" || value === null) return [];
  const { id, title, min, max } = value as Partial<Record<keyof Aspect, unknown>>;
  if (typeof id !== "string") return [];
  const end = (limit: unknown): number | null => (typeof limit === "number" ? limit : null);
  return [{ id, title: typeof title === "string" ? title : id, min: end(min), max: end(max), meaning: "" }];
}

/** By code units: the same order everywhere, whatever the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
