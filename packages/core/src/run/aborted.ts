import { UnshiftError } from "@unshift/contracts";

/** Throws ABORTED where people asked to stop. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new UnshiftError("ABORTED", "interrupted; finished items are saved and the same command continues");
  }
}
