import type { VerdictRecord } from "@unshift/contracts";
import type { ConversationOf } from "../positions/conversations.js";
import { clusterBootstrap, ratioOf } from "../statistics/cluster-bootstrap.js";
import { clusterSums, mergeClusters } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { lastBySample } from "./last-by-sample.js";

/** What a judge says of a system. */
export interface JudgeOfSystem {
  readonly system: string;
  readonly judge: string;
  /** Verdicts by status. */
  readonly scored: number;
  readonly notApplicable: number;
  readonly unparsed: number;
  readonly failed: number;
  /** Mean over the verdicts that score the aspect, by aspect id, sorted by code units. */
  readonly aspects: ReadonlyMap<string, { readonly n: number; readonly mean: Estimate }>;
}

/** Every judge with verdicts × every system, judges sorted by id. "No score" is counted, never averaged. */
export function scoreSystems(
  verdicts: readonly VerdictRecord[],
  systems: readonly string[],
  conversationOf: ConversationOf,
  seed: number,
): JudgeOfSystem[] {
  const judges = [...new Set(verdicts.map(({ judge }) => judge))].sort();
  const scored = systems.flatMap((system) =>
    judges.map((judge) => {
      const own = lastBySample(verdicts.filter((verdict) => verdict.judge === judge && verdict.system === system));
      return scoreSystem(system, judge, own, aspectsOf(verdicts, judge), conversationOf, seed);
    }),
  );
  return scored;
}

function aspectsOf(verdicts: readonly VerdictRecord[], judge: string): string[] {
  const aspects = new Set<string>();
  for (const verdict of verdicts) {
    if (verdict.judge !== judge || verdict.judgement.status !== "scored") continue;
    for (const aspect of Object.keys(verdict.judgement.scores)) aspects.add(aspect);
  }
  return [...aspects].sort();
}

function scoreSystem(
  system: string,
  judge: string,
  own: readonly VerdictRecord[],
  aspects: readonly string[],
  conversationOf: ConversationOf,
  seed: number,
): JudgeOfSystem {
  const having = (status: string): number => own.filter(({ judgement }) => judgement.status === status).length;
  const means = aspects.map((aspect) => {
    const scores = own.flatMap(({ judgement, sampleId }): SampleValue[] => {
      const score = judgement.status === "scored" ? judgement.scores[aspect] : undefined;
      return score === undefined ? [] : [[conversationOf(sampleId), score]];
    });
    const random = seededRandom(seed, `scores ${JSON.stringify([system, judge, aspect])}`);
    return [aspect, { n: scores.length, mean: meanOf(scores, random) }] as const;
  });
  return {
    system,
    judge,
    scored: having("scored"),
    notApplicable: having("not-applicable"),
    unparsed: having("unparsed"),
    failed: having("failed"),
    aspects: new Map(means),
  };
}

/** A sample's figure, and the conversation the sample is of. */
export type SampleValue = readonly [conversation: string, value: number];

/** Mean of one value per sample, with its interval, grouped by conversation. */
export function meanOf(values: readonly SampleValue[], random: ReturnType<typeof seededRandom>): Estimate {
  const sums = clusterSums(values.length, 2);
  for (const [i, [, value]] of values.entries()) sums.data.set([1, value], 2 * i);
  const first = new Map<string, number>();
  for (const [i, [conversation]] of values.entries()) if (!first.has(conversation)) first.set(conversation, i);
  const chats = mergeClusters(
    sums,
    values.map(([conversation], i) => first.get(conversation) ?? i),
  );
  return clusterBootstrap(chats, [ratioOf(1, 0)], random)[0] ?? undefinedEstimate;
}
