import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { count, divergence, percent, real, tickText } from "../text/format.js";
import { SaveChart } from "./save-chart.js";
import { linearScale, logScale } from "./scale.js";
import { useWidth } from "./use-width.js";

/** One bin of positions. */
interface CurvePoint {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

export interface CurveSeries {
  readonly label: string;
  /** Index of the shift: its colour, dash and mark are the same on every chart. */
  readonly index: number;
  readonly points: readonly CurvePoint[];
}

interface CurveChartProps {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly CurveSeries[];
  /** Shares are drawn and read out in per cent. */
  readonly isShare?: boolean;
  /** Upper end that the axis reaches at least (1 for shares). */
  readonly atLeast?: number;
  readonly logValues?: boolean;
  readonly logPositions: boolean;
}

const height = 210;
const margin = { left: 46, right: 12, top: 10, bottom: 28 };

/** Curves by position with their 95 % bands; pointing at one reads the bin out. */
export function CurveChart({
  title,
  unit,
  series,
  isShare = false,
  atLeast = 0,
  logValues = false,
  logPositions,
}: CurveChartProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 480);
  const [pointed, setPointed] = useState<number | null>(null);
  const points = series.flatMap((one) => one.points);
  const last = Math.max(1, ...points.map(({ to }) => to));
  const right = width - margin.right;
  const x = logPositions
    ? shifted(logScale(last + 1, margin.left, right))
    : linearScale(0, last, margin.left, right, 5);
  const top = Math.max(
    atLeast,
    ...points.map(({ value, high }) => Math.max(value ?? 0, Math.min(high ?? 0, (value ?? 0) * 3 || (high ?? 0)))),
  );
  const y = logValues
    ? logScale(top, height - margin.bottom, margin.top)
    : linearScale(0, top || 1, height - margin.bottom, margin.top);
  const middle = ({ from, to }: CurvePoint): number =>
    x(logPositions ? Math.sqrt((from + 1) * (to + 1)) - 1 : Math.min((from + to) / 2, last));

  const point = (event: PointerEvent): void => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    let best: CurvePoint | null = null;
    for (const candidate of points) {
      if (
        best === null ||
        Math.abs(middle(candidate) - (event.clientX - left)) < Math.abs(middle(best) - (event.clientX - left))
      )
        best = candidate;
    }
    setPointed(best?.from ?? null);
  };
  const read = series.map((one) => ({
    one,
    at: pointed === null ? undefined : one.points.find(({ from, to }) => from <= pointed && pointed <= to),
  }));
  const bin = read.find(({ at }) => at !== undefined)?.at;
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b> <span class="unit">{unit}</span>
        <span class="readout" aria-live="off">
          {bin === undefined ? "" : `position ${bin.from === bin.to ? bin.from : `${bin.from}–${bin.to}`}`}
          {read.map(({ one, at }) =>
            at === undefined ? null : (
              <span>
                <i class={`series-mark s${one.index % 6}`} />
                {isShare ? percent(at.value) : unit === "nats" ? divergence(at.value) : real(at.value)}{" "}
                <span class="muted">n {count(at.n)}</span>
              </span>
            ),
          )}
        </span>
        <SaveChart title={title} box={box} series={series} data={() => curveRows(series)} />
      </figcaption>
      <div ref={box} onPointerMove={point} onPointerLeave={() => setPointed(null)}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title} by position, for ${series.map(({ label }) => label).join(", ")}`}
        >
          {y.ticks.map((tick) => (
            <g class="tick">
              <line x1={margin.left} x2={right} y1={y(tick)} y2={y(tick)} />
              <text x={margin.left - 8} y={y(tick) + 4} text-anchor="end">
                {tickText(tick, isShare)}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text class="tick-label" x={x(tick)} y={height - 8} text-anchor="middle">
              {count(tick)}
            </text>
          ))}
          {series.map(({ index, points: own }) => (
            <path class={`band s${index % 6}`} d={bandPath(own, middle, y)} />
          ))}
          {series.map(({ index, points: own }) => (
            <path class={`curve s${index % 6}`} d={linePath(own, middle, y)} />
          ))}
          {bin === undefined ? null : (
            <line class="pointer" x1={middle(bin)} x2={middle(bin)} y1={margin.top} y2={height - margin.bottom} />
          )}
          {read.map(({ one, at }) =>
            at === undefined || at.value === null ? null : (
              <circle class={`dot s${one.index % 6}`} cx={middle(at)} cy={y(at.value)} r="4" />
            ),
          )}
        </svg>
      </div>
    </figure>
  );
}

/** What the chart draws, in full precision. */
function curveRows(series: readonly CurveSeries[]): (string | number | null)[][] {
  return [
    ["series", "from_position", "to_position", "value", "low", "high", "n"],
    ...series.flatMap(({ label, points }) =>
      points.map(({ from, to, value, low, high, n }) => [label, from, to, value, low, high, n]),
    ),
  ];
}

/** Positions count from 0, a logarithm from 1. */
function shifted(scale: ReturnType<typeof logScale>): ReturnType<typeof logScale> {
  return Object.assign((value: number) => scale(value + 1), { ticks: [0, ...scale.ticks.slice(1)] });
}

function linePath(
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let open = false;
  for (const point of points) {
    if (point.value === null) {
      open = false;
      continue;
    }
    path += `${open ? "L" : "M"}${x(point).toFixed(1)} ${y(point.value).toFixed(1)}`;
    open = true;
  }
  return path;
}

function bandPath(
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number,
  y: (value: number) => number,
): string {
  const known = points.filter(({ low, high }) => low !== null && high !== null);
  if (known.length < 2) return "";
  const edge = (point: CurvePoint, limit: number | null): string =>
    `${x(point).toFixed(1)} ${Math.max(0, y(limit ?? 0)).toFixed(1)}`;
  const upper = known.map((point) => edge(point, point.high));
  const lower = known.map((point) => edge(point, point.low)).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}
