import type { ReplyRecord } from "@unshift/contracts/services";
import type { PreparedExperiment } from "./prepared-experiment.js";
import { priceOf } from "./price-of.js";
import { tokensOf } from "./tokens-of.js";

/** What the judges that one engine answers have used, all sittings of the run together. */
export interface JudgingCost {
  readonly requests: number;
  readonly promptTokens: number;
  readonly replyTokens: number;
  /** In the currency of the prices; null where nobody said what a token costs. */
  readonly money: number | null;
}

/**
 * By id of the judge engine: every reply in the folder to a judge that this engine answers now, at today's prices. Replies to judges
 * that the experiment no longer has are in none.
 */
export function judgingCosts(
  { judges, judgeEngines }: Pick<PreparedExperiment, "judges" | "judgeEngines">,
  replies: readonly ReplyRecord[],
): Record<string, JudgingCost> {
  const engineOf = new Map(judges.map(({ spec }) => [spec.id, spec.engine]));
  return Object.fromEntries(
    judgeEngines.map((judgeEngine) => {
      const { id } = judgeEngine.spec;
      const prices = judgeEngine.spec.prices ?? ("engine" in judgeEngine ? judgeEngine.engine.prices : null);
      const own = replies.filter(({ judge }) => engineOf.get(judge) === id);
      const used = own.map((record) => ({ ...tokensOf(record), batch: record.batch !== undefined }));
      const promptTokens = used.reduce((sum, { prompt }) => sum + prompt, 0);
      const replyTokens = used.reduce((sum, { reply }) => sum + reply, 0);
      const money = prices === null ? null : used.reduce((sum, each) => sum + priceOf(each, prices, each.batch), 0);
      return [id, { requests: used.length, promptTokens, replyTokens, money }];
    }),
  );
}
