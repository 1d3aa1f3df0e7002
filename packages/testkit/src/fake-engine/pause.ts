import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";

/** Gives the event loop a turn, so that signals arrive and progress shows. Throws ABORTED. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) {
    await sleep(ms, undefined, { signal }).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
  } else {
    await turn();
  }
  if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted");
}
