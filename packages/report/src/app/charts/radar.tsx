import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { Marker } from "./marker.js";
import { SaveChart } from "./save-chart.js";

interface RadarAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
}

interface RadarSeries {
  readonly label: string;
  readonly index: number;
  /** By axis; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface RadarProps {
  readonly title: string;
  readonly axes: readonly RadarAxis[];
  readonly series: readonly RadarSeries[];
}

const width = 420;
const height = 336;
const centre = { x: width / 2, y: height / 2 + 4 };
const radius = 124;
const rings = 4;
const labelLength = 20;

/** Means of several aspects around a centre, each axis from the lowest to the highest score of its scale. The table beside it has the figures. */
export function Radar({ title, axes, series }: RadarProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const shared = axes.every(({ min, max }) => min === axes[0]?.min && max === axes[0]?.max) ? axes[0] : undefined;
  const place = (axis: number, share: number): { x: number; y: number } => {
    const angle = (2 * Math.PI * axis) / axes.length - Math.PI / 2;
    return { x: centre.x + Math.cos(angle) * radius * share, y: centre.y + Math.sin(angle) * radius * share };
  };
  const text = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const ring = (share: number): string => `M${axes.map((_, axis) => text(place(axis, share))).join("L")}Z`;
  const shareOf = (axis: number, value: number): number => {
    const { min = 0, max = 1 } = axes[axis] ?? {};
    return max === min ? 1 : Math.max(0, Math.min(1, (value - min) / (max - min)));
  };
  return (
    <figure class="chart radar">
      <figcaption>
        <b>{title}</b> <span class="unit">{shared === undefined ? "each axis over its own scale" : ""}</span>
        <SaveChart title={title} box={box} series={series} data={() => radarRows(axes, series)} />
      </figcaption>
      <div ref={box}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title}: ${axes.map(({ label }) => label).join(", ")}, for ${series.map(({ label }) => label).join(", ")}. The table has the figures.`}
        >
          {Array.from({ length: rings }, (_, i) => (
            <path class="ring" d={ring((i + 1) / rings)} />
          ))}
          {axes.map((_, axis) => (
            <path class="ring" d={`M${text(centre)}L${text(place(axis, 1))}`} />
          ))}
          {series.map(({ index, values }) => (
            <path
              class={`curve s${index % 6}`}
              d={outline(
                values.map((value, axis) => (value === null ? null : text(place(axis, shareOf(axis, value))))),
              )}
            />
          ))}
          {series.map(({ index, values }) =>
            values.map((value, axis) =>
              value === null ? null : <Marker {...place(axis, shareOf(axis, value))} series={index} size={4.5} />,
            ),
          )}
          {shared === undefined
            ? null
            : Array.from({ length: rings + 1 }, (_, i) => (
                <text class="halo" x={centre.x + 5} y={place(0, i / rings).y + 4}>
                  {Number((shared.min + ((shared.max - shared.min) * i) / rings).toPrecision(3))}
                </text>
              ))}
          {axes.map(({ label, min, max }, axis) => {
            const { x, y } = place(axis, 1.13);
            const side = Math.abs(x - centre.x) < 12 ? "middle" : x > centre.x ? "start" : "end";
            return (
              <text
                class="axis-label"
                x={x}
                y={y + (y < centre.y - 60 ? -2 : y > centre.y + 60 ? 10 : 4)}
                text-anchor={side}
              >
                {label.length > labelLength ? `${label.slice(0, labelLength)}…` : label}
                {shared === undefined ? ` ${min}–${max}` : ""}
              </text>
            );
          })}
        </svg>
      </div>
    </figure>
  );
}

/** A closed line; where a value is missing, the stretches between those that are known. */
function outline(points: readonly (string | null)[]): string {
  if (points.every((point) => point !== null)) return `M${points.join("L")}Z`;
  return points
    .map((point, at) => {
      const next = points[(at + 1) % points.length];
      return point === null || next === null ? "" : `M${point}L${next}`;
    })
    .join("");
}

/** What the chart draws, in full precision. */
function radarRows(axes: readonly RadarAxis[], series: readonly RadarSeries[]): (string | number | null)[][] {
  return [
    ["series", "axis", "min", "max", "value"],
    ...series.flatMap(({ label, values }) =>
      axes.map((axis, at) => [label, axis.label, axis.min, axis.max, values[at] ?? null]),
    ),
  ];
}
