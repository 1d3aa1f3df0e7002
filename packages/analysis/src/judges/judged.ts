import type { Preference, VerdictRecord } from "@unshift/contracts";
import type { AnalysisInput, JudgeInput } from "@unshift/contracts/services";
import { byName, type Clustered } from "../comparison/clustered.js";
import type { Outcome } from "../comparison/pairwise-outcome.js";
import { conversationsOf } from "../positions/conversations.js";
import { wordsOf } from "../tables/words-of.js";

type Judgement = VerdictRecord["judgement"];

/** An answer with all that a judge said of it. */
export interface JudgedAnswer extends Clustered {
  readonly cluster: string;
  readonly system: string;
  /** One for each time it was judged, in their order. */
  readonly judgements: readonly Judgement[];
  /** Words of the answer; null where the answer itself is not known. */
  readonly words: number | null;
}

/** Two answers to one sample with all that a judge of pairs said of them. */
export interface JudgedPair extends Clustered {
  readonly cluster: string;
  /** The one of the two that stands first in the experiment. */
  readonly system: string;
  readonly against: string;
  /** As if `system` had been asked about first: `answer` is its answer. */
  readonly judgements: readonly Judgement[];
  /** Words of the system's answer − words of the other's; null where an answer is not known. */
  readonly moreWords: number | null;
}

interface JudgeVerdicts {
  readonly id: string;
  /** Aspects that occur in a verdict, in the judge's order where it is known. */
  readonly aspects: readonly string[];
}

/** A judge of answers. */
export interface ScoringJudge extends JudgeVerdicts {
  readonly naPolicy: string | null;
  /** Lowest and highest score of an aspect, where they are known; null: no bound. */
  readonly range: ReadonlyMap<string, readonly [min: number | null, max: number | null]>;
  readonly answers: readonly JudgedAnswer[];
}

/** A judge of pairs of answers. */
export interface PairJudge extends JudgeVerdicts {
  readonly pairs: readonly JudgedPair[];
}

/** Verdicts by judge, those of the experiment first, in its order. */
export interface Judges {
  readonly scoring: readonly ScoringJudge[];
  readonly pairs: readonly PairJudge[];
}

/**
 * Gathers the verdicts of a run: what was judged several times becomes one item, what the experiment no longer asks for (an unknown
 * system, a repeat too many) is left out. A judge is one of pairs where its verdicts name another system.
 */
export function openJudges(
  input: Pick<AnalysisInput, "samples" | "answers" | "verdicts" | "systems" | "judges">,
): Judges {
  const facts = new Map((input.judges ?? []).map((judge) => [judge.id, judge]));
  const place = new Map(input.systems.map((system, i) => [system, i]));
  const verdicts = input.verdicts.filter(
    ({ judge, system, against, repeat }) =>
      place.has(system) &&
      (against === undefined || (place.has(against) && against !== system)) &&
      (repeat ?? 1) <= (facts.get(judge)?.repeat ?? Number.POSITIVE_INFINITY),
  );
  const seen = [...new Set(verdicts.map(({ judge }) => judge))];
  const ids = [...[...facts.keys()].filter((id) => seen.includes(id)), ...seen.filter((id) => !facts.has(id)).sort()];
  const words = wordCounts(input);
  const conversationOf = conversationsOf(input.samples);
  const scoring: ScoringJudge[] = [];
  const pairs: PairJudge[] = [];
  for (const id of ids) {
    const own = verdicts.filter(({ judge }) => judge === id);
    const known = facts.get(id);
    const aspects = aspectsOf(own, known);
    if (own.some(({ against }) => against !== undefined)) {
      const found = items(own.flatMap((verdict) => (verdict.against === undefined ? [] : [inOrder(verdict, place)])));
      pairs.push({
        id,
        aspects,
        pairs: found.map(([{ system, against = "", sampleId }, judgements]) => ({
          system,
          against,
          sampleId,
          cluster: conversationOf(sampleId),
          judgements,
          moreWords: difference(words(system, sampleId), words(against, sampleId)),
        })),
      });
    } else {
      scoring.push({
        id,
        aspects,
        naPolicy: policyOf(known),
        range: new Map((known?.aspects ?? []).map(({ id: aspect, min, max }) => [aspect, [min, max]])),
        answers: items(own.map((verdict) => ({ verdict, turned: false }))).map(
          ([{ system, sampleId }, judgements]) => ({
            system,
            sampleId,
            cluster: conversationOf(sampleId),
            judgements,
            words: words(system, sampleId),
          }),
        ),
      });
    }
  }
  return { scoring, pairs };
}

/** Whether an aspect is scored from 0 to 1, so that its mean is a share. */
export function isShare({ range }: ScoringJudge, aspect: string): boolean {
  const [min, max] = range.get(aspect) ?? [];
  return min === 0 && max === 1;
}

/** The answer's score: the mean over the times it got one. Null where it never did. */
export function scoreOf({ judgements }: Pick<JudgedAnswer, "judgements">, aspect: string): number | null {
  const scores = scoresOf({ judgements }, aspect);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** The answer's scores, one for each time it got one. */
export function scoresOf({ judgements }: Pick<JudgedAnswer, "judgements">, aspect: string): number[] {
  return judgements.flatMap((judgement) => {
    const score =
      judgement.status === "scored" && Object.hasOwn(judgement.scores, aspect) ? judgement.scores[aspect] : null;
    return typeof score === "number" && Number.isFinite(score) ? [score] : [];
  });
}

const outcomes: Readonly<Record<Preference, Outcome>> = {
  answer: "win",
  against: "lose",
  tie: "tie",
  inconsistent: "inconsistent",
};
const points = { win: 1, tie: 0.5, lose: 0 } as const;

/**
 * The outcome for the pair's system: what more of the decided times said (a tie counts for both halves), *inconsistent* where none
 * was decided but the judge changed its mind, null where there is none.
 */
export function outcomeOf(pair: Pick<JudgedPair, "judgements">, aspect: string): Outcome | null {
  const all = outcomesOf(pair, aspect);
  const decided = all.flatMap((outcome) => (outcome === "inconsistent" ? [] : [points[outcome] as number]));
  if (decided.length === 0) return all.length === 0 ? null : "inconsistent";
  const mean = decided.reduce((sum, value) => sum + value, 0) / decided.length;
  return mean > 0.5 ? "win" : mean < 0.5 ? "lose" : "tie";
}

/** What the judge said, one for each time it said something. */
export function outcomesOf({ judgements }: Pick<JudgedPair, "judgements">, aspect: string): Outcome[] {
  return judgements.flatMap((judgement) => {
    const known = judgement.status === "preferred" && Object.hasOwn(judgement.preferences, aspect);
    const preference = known ? judgement.preferences[aspect] : undefined;
    return preference === undefined ? [] : [outcomes[preference]];
  });
}

/** Verdicts of a status, every repeat counted. */
export function countStatus(
  judged: readonly { readonly judgements: readonly Judgement[] }[],
  status: Judgement["status"],
): number {
  return judged.reduce((sum, { judgements }) => sum + judgements.filter((each) => each.status === status).length, 0);
}

/** Verdicts read from a reply that was not as asked for, every repeat counted. */
export function countRepaired(judged: readonly { readonly judgements: readonly Judgement[] }[]): number {
  const repaired = (judgement: Judgement): boolean =>
    (judgement.status === "scored" || judgement.status === "preferred") && (judgement.repairs?.length ?? 0) > 0;
  return judged.reduce((sum, { judgements }) => sum + judgements.filter(repaired).length, 0);
}

type Place = Pick<VerdictRecord, "system" | "against" | "sampleId">;

interface PlacedVerdict {
  readonly verdict: VerdictRecord;
  /** Whether its two systems changed places. */
  readonly turned: boolean;
}

/**
 * One item for what was judged, its repeats in order; of several records of one judgement the last counts. Items are sorted: their order
 * in the file is lost.
 */
function items(placed: readonly PlacedVerdict[]): (readonly [Place, readonly Judgement[]])[] {
  const found = new Map<string, { readonly of: Place; readonly times: Map<number, Judgement> }>();
  for (const { verdict, turned } of placed) {
    const { system, against, sampleId, repeat = 1, judgement } = verdict;
    const key = JSON.stringify([system, against ?? null, sampleId]);
    const item = found.get(key) ?? { of: verdict, times: new Map<number, Judgement>() };
    item.times.set(2 * repeat + (turned ? 1 : 0), judgement);
    found.set(key, item);
  }
  return [...found.values()]
    .sort(
      ({ of: a }, { of: b }) =>
        byName(a.sampleId, b.sampleId) || byName(a.system, b.system) || byName(a.against ?? "", b.against ?? ""),
    )
    .map(({ of, times }) => [of, [...times].sort(([a], [b]) => a - b).map(([, judgement]) => judgement)]);
}

/** The verdict as if the pair's systems had stood in the order of the experiment. */
function inOrder(verdict: VerdictRecord, place: ReadonlyMap<string, number>): PlacedVerdict {
  const { system, against, judgement } = verdict;
  if (against === undefined || (place.get(system) ?? 0) < (place.get(against) ?? 0)) return { verdict, turned: false };
  const other = { answer: "against", against: "answer", tie: "tie", inconsistent: "inconsistent" } as const;
  const turned: Judgement =
    judgement.status === "preferred"
      ? {
          ...judgement,
          preferences: Object.fromEntries(
            Object.entries(judgement.preferences).map(([aspect, preference]) => [aspect, other[preference]]),
          ),
        }
      : judgement;
  return { verdict: { ...verdict, system: against, against: system, judgement: turned }, turned: true };
}

function aspectsOf(verdicts: readonly VerdictRecord[], facts: JudgeInput | undefined): string[] {
  const found = new Set<string>();
  for (const { judgement } of verdicts) {
    if (judgement.status === "scored") for (const aspect of Object.keys(judgement.scores)) found.add(aspect);
    if (judgement.status === "preferred") for (const aspect of Object.keys(judgement.preferences)) found.add(aspect);
    if (judgement.status === "scored") for (const aspect of judgement.notApplicable ?? []) found.add(aspect);
  }
  const known = (facts?.aspects ?? []).map(({ id }) => id).filter((id) => found.has(id));
  return [...known, ...[...found].filter((aspect) => !known.includes(aspect)).sort()];
}

/** By the judge's option `naPolicy`, or `notApplicable: exclude`, under which it may say that an aspect does not apply. */
function policyOf(facts: JudgeInput | undefined): string | null {
  const policy = facts?.options["naPolicy"];
  return typeof policy === "string" ? policy : facts?.options["notApplicable"] === "exclude" ? "exclude" : null;
}

function wordCounts({ answers }: Pick<AnalysisInput, "answers">): (system: string, sampleId: string) => number | null {
  const texts = new Map<string, string>();
  for (const answer of answers) {
    const key = JSON.stringify([answer.system, answer.sampleId]);
    if (answer.status === "answered") texts.set(key, answer.text);
    else texts.delete(key);
  }
  return (system, sampleId) => {
    const text = texts.get(JSON.stringify([system, sampleId]));
    return text === undefined ? null : wordsOf(text);
  };
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
