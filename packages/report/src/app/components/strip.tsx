import type { VNode } from "preact";
import { type Strip as StripData, stripCells } from "../../payload/format.js";

/** An answer at a glance: a line for what is unshifted, half bars for marginal, whole bars for shifted positions. */
export function Strip({ strip, height = 18 }: { readonly strip: StripData; readonly height?: number }): VNode {
  const n = strip.cells.length;
  const bars = (level: string, tall: number): string => {
    let path = "";
    for (let i = 0; i < n; i += 1) if (strip.cells[i] === level) path += `M${i + 0.1} ${height}v${-tall}h0.8v${tall}z`;
    return path;
  };
  const total = strip.unshifted + strip.marginal + strip.shifted;
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${stripCells} ${height}`}
      preserveAspectRatio="none"
      height={height}
      role="img"
      aria-label={`${total} positions: ${strip.unshifted} unshifted, ${strip.marginal} marginal, ${strip.shifted} shifted`}
    >
      <path class="strip-line" d={`M0 ${height - 1}h${n}v1h${-n}z`} />
      <path class="fill-marginal" d={bars("1", height * 0.5)} />
      <path class="fill-shifted" d={bars("2", height)} />
    </svg>
  );
}
