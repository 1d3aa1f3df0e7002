import { batchShare, type TokenPrices } from "@unshift/contracts";

/** What tokens cost, in the currency of the prices. @param batch they were used in a batch */
export function priceOf(
  { prompt, reply }: { readonly prompt: number; readonly reply: number },
  prices: TokenPrices,
  batch: boolean,
): number {
  const whole = (prompt * prices.prompt + reply * prices.reply) / 1e6;
  return batch ? whole * (prices.batch ?? batchShare) : whole;
}
