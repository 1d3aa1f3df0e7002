import type { VNode } from "preact";
import type { Estimate } from "../data/table-view.js";

const zeroWidth = "Of zero width: all resamples gave the same figure. That is no proof that it is exact.";

interface IntervalProps {
  readonly estimate: Estimate;
  /** Writes the two limits; `""` where there are none. */
  readonly text: (low: number | null, high: number | null) => string;
  readonly inBrackets?: boolean;
  /** Said after the limits: `n 40`, `p < 0.001`. */
  readonly also?: string;
}

/** The limits of a figure, small beside it. One of zero width says on pointing what that means. */
export function Interval({
  estimate: { low, high },
  text,
  inBrackets = false,
  also = "",
}: IntervalProps): VNode | null {
  const limits = text(low, high);
  const shown = [limits, also].filter((part) => part !== "").join(inBrackets ? "; " : " · ");
  if (shown === "") return null;
  const isPoint = low !== null && low === high;
  return (
    <span class={`interval ${isPoint ? "zero-width" : ""}`} title={isPoint ? zeroWidth : undefined}>
      {inBrackets ? `(${shown})` : shown}
    </span>
  );
}
