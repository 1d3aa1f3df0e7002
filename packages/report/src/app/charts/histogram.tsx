import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { percent, tickText } from "../text/format.js";
import { SaveChart } from "./save-chart.js";
import { linearScale } from "./scale.js";
import { useWidth } from "./use-width.js";

export interface HistogramSeries {
  readonly label: string;
  readonly index: number;
  readonly bins: readonly { readonly from: number; readonly to: number; readonly value: number | null }[];
}

/** What the chart draws, in full precision. */
function barRows(series: readonly HistogramSeries[]): (string | number | null)[][] {
  return [
    ["series", "from", "to", "value"],
    ...series.flatMap(({ label, bins }) => bins.map(({ from, to, value }) => [label, from, to, value])),
  ];
}

const height = 210;
const margin = { left: 46, right: 12, top: 10, bottom: 28 };

/** Shares by relative position, subjects side by side. */
export function Histogram({
  title,
  unit,
  series,
}: {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly HistogramSeries[];
}): VNode {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 480);
  const x = linearScale(0, 1, margin.left, width - margin.right, 5);
  const top = Math.max(0.01, ...series.flatMap(({ bins }) => bins.map(({ value }) => value ?? 0)));
  const y = linearScale(0, top, height - margin.bottom, margin.top);
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b> <span class="unit">{unit}</span>
        <SaveChart title={title} box={box} series={series} data={() => barRows(series)} />
      </figcaption>
      <div ref={box}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title}, for ${series.map(({ label }) => label).join(", ")}`}
        >
          {y.ticks.map((tick) => (
            <g class="tick">
              <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
              <text x={margin.left - 8} y={y(tick) + 4} text-anchor="end">
                {tickText(tick, true)}
              </text>
            </g>
          ))}
          {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
            <text
              class="tick-label"
              x={x(tick)}
              y={height - 8}
              text-anchor={tick === 0 ? "start" : tick === 1 ? "end" : "middle"}
            >
              {tick === 0 ? "start" : tick === 1 ? "end" : tickText(tick, true)}
            </text>
          ))}
          {series.map(({ label, index, bins }, place) =>
            bins.map(({ from, to, value }) => {
              const slot = (x(to) - x(from) - 2) / series.length;
              return (
                <rect
                  class={`bar s${index % 6}`}
                  x={x(from) + 1 + place * slot}
                  width={Math.max(1, slot - 0.5)}
                  y={y(value ?? 0)}
                  height={height - margin.bottom - y(value ?? 0)}
                >
                  <title>{`${label}: ${percent(value)}`}</title>
                </rect>
              );
            }),
          )}
        </svg>
      </div>
    </figure>
  );
}
