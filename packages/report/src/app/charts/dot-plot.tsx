import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Estimate } from "../data/table-view.js";
import { tickText } from "../text/format.js";
import { Marker } from "./marker.js";
import { SaveChart } from "./save-chart.js";
import { linearScale } from "./scale.js";
import { useWidth } from "./use-width.js";

interface DotPoint {
  readonly label: string;
  /** Series of the system: colour, dash and mark. */
  readonly index: number;
  readonly estimate: Estimate;
  /** The figure with its interval and n, read out on pointing. */
  readonly text: string;
}

interface DotRow {
  readonly label: string;
  /** Ends of the row's scale. */
  readonly min: number;
  readonly max: number;
  readonly points: readonly DotPoint[];
}

interface DotPlotProps {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly DotRow[];
  readonly isShare?: boolean;
}

const lane = 15;
const padding = 7;
const bottom = 24;
const labelLength = 22;

/** Figures with their 95 % intervals on a common scale, or each row on its own where scales differ. */
export function DotPlot({ title, unit, rows, isShare = false }: DotPlotProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 520);
  const isShared = rows.every(({ min, max }) => min === rows[0]?.min && max === rows[0]?.max);
  const longest = Math.min(labelLength, Math.max(0, ...rows.map(({ label }) => label.length)));
  const left = Math.min(width * 0.36, 16 + longest * 6.6) + (isShared ? 0 : 18);
  const right = width - (isShared ? 14 : 32);
  const { min = 0, max = 1 } = rows[0] ?? {};
  const axis = linearScale(min, max, left, right, width < 420 ? 3 : 5);
  // The last round tick may lie beyond a scale's end; the scale itself ends where the judge's does.
  const ticks = axis.ticks.filter((tick) => tick <= max);
  const at = (row: DotRow, value: number): number => {
    const share = row.max === row.min ? 0.5 : (value - row.min) / (row.max - row.min);
    return left + Math.max(0, Math.min(1, share)) * (right - left);
  };
  const tops: number[] = [];
  let height = 4;
  for (const { points } of rows) {
    tops.push(height);
    height += points.length * lane + 2 * padding;
  }
  height += isShared ? bottom : 4;
  const series = [...new Map(rows.flatMap(({ points }) => points.map((point) => [point.label, point]))).values()];
  const first = rows[0];
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b> <span class="unit">{unit}</span>
        <SaveChart title={title} box={box} series={series} data={() => dotRows(rows)} />
      </figcaption>
      <div ref={box}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title}: ${rows.map(({ label }) => label).join(", ")}. The table has the figures.`}
        >
          {isShared && first !== undefined
            ? ticks.map((tick) => (
                <g class="tick">
                  <line x1={at(first, tick)} x2={at(first, tick)} y1={0} y2={height - bottom} />
                  <text x={at(first, tick)} y={height - 7} text-anchor="middle">
                    {tickText(tick, isShare)}
                  </text>
                </g>
              ))
            : null}
          {rows.map((row, index) => {
            const top = tops[index] ?? 0;
            const middle = top + padding + (row.points.length * lane) / 2;
            return (
              <g>
                {index === 0 ? null : <path class="ring" d={`M0 ${top}H${right}`} />}
                <text class="axis-label" x={0} y={middle + 4}>
                  {row.label.length > labelLength ? `${row.label.slice(0, labelLength)}…` : row.label}
                </text>
                {isShared ? null : (
                  <>
                    <text x={left - 6} y={middle + 4} text-anchor="end">
                      {tickText(row.min, false)}
                    </text>
                    <text x={right + 6} y={middle + 4}>
                      {tickText(row.max, false)}
                    </text>
                  </>
                )}
                {row.points.map(({ index: own, estimate: { value, low, high }, text, label }, line) => {
                  const y = top + padding + (line + 0.5) * lane;
                  if (value === null) return null;
                  return (
                    <g>
                      <title>{`${label}: ${text}`}</title>
                      {low === null || high === null ? null : (
                        <path
                          class={`curve solid s${own % 6}`}
                          d={`M${at(row, low).toFixed(1)} ${y}H${at(row, high).toFixed(1)}`}
                        />
                      )}
                      <Marker x={at(row, value)} y={y} series={own} size={4.5} />
                    </g>
                  );
                })}
              </g>
            );
          })}
        </svg>
      </div>
    </figure>
  );
}

/** What the chart draws, in full precision. */
function dotRows(rows: readonly DotRow[]): (string | number | null)[][] {
  return [
    ["row", "series", "value", "low", "high"],
    ...rows.flatMap(({ label, points }) =>
      points.map((point) => [label, point.label, point.estimate.value, point.estimate.low, point.estimate.high]),
    ),
  ];
}
