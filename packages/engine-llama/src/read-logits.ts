import type { LogitsBlock, LogitsItem } from "@unshift/contracts/services";
import type { Context } from "@unshift/native";
import { coded } from "./native-error.js";

/**
 * Rows block by block, one block ahead of the reader: while one is being written somewhere the next is computed, and no more. Leaving
 * the loop aborts what is under way and waits for its end, so that the context is free.
 */
export async function* readLogits(
  context: Pick<Context, "logits">,
  item: LogitsItem,
  signal: AbortSignal,
): AsyncGenerator<LogitsBlock, void, undefined> {
  const { ids, ...rest } = item;
  const left = new AbortController();
  const abort = () => left.abort(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  let ahead: Promise<LogitsBlock | null> = Promise.resolve(null);
  try {
    const stream = await coded(() => context.logits({ tokens: ids, ...rest }, { signal: left.signal }));
    const next = () => {
      ahead = stream.remaining > 0 ? coded(() => stream.next()) : Promise.resolve(null);
      // Its failure is told when its turn comes; where nobody asks any more it concerns nobody.
      ahead.catch(() => undefined);
    };
    next();
    for (let block = await ahead; block !== null; block = await ahead) {
      next();
      yield { rows: block.rows, values: block.values };
    }
  } finally {
    signal.removeEventListener("abort", abort);
    left.abort();
    await ahead.catch(() => undefined);
  }
}
