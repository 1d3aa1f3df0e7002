import type { VNode } from "preact";

const shapes = 6;

/** A point of a series; the shape tells the series as well as the colour does. */
export function Marker({ x, y, series, size = 5 }: { x: number; y: number; series: number; size?: number }): VNode {
  return <path class={`marker s${series % 6}`} d={markerPath(x, y, series, size)} />;
}

/** The shape of a series: circle, square, triangle, diamond, triangle on its tip, cross; another one at the same colour in every round. */
function markerPath(x: number, y: number, series: number, r: number): string {
  const at = (dx: number, dy: number): string => `${(x + dx * r).toFixed(2)} ${(y + dy * r).toFixed(2)}`;
  const polygon = (...corners: readonly (readonly [number, number])[]): string =>
    `M${corners.map(([dx, dy]) => at(dx, dy)).join("L")}Z`;
  switch ((series + Math.floor(series / 6)) % shapes) {
    case 0:
      return `M${at(-1, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    case 1:
      return polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
    case 2:
      return polygon([0, -1.15], [1.1, 0.85], [-1.1, 0.85]);
    case 3:
      return polygon([0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]);
    case 4:
      return polygon([0, 1.15], [1.1, -0.85], [-1.1, -0.85]);
    default:
      return polygon(
        [-0.4, -1.1],
        [0.4, -1.1],
        [0.4, -0.4],
        [1.1, -0.4],
        [1.1, 0.4],
        [0.4, 0.4],
        [0.4, 1.1],
        [-0.4, 1.1],
        [-0.4, 0.4],
        [-1.1, 0.4],
        [-1.1, -0.4],
        [-0.4, -0.4],
      );
  }
}

/** A series as a key shows it: its line with its mark. */
export function SeriesSwatch({ series }: { readonly series: number }): VNode {
  return (
    <svg class="swatch" width="30" height="12" viewBox="0 0 30 12" aria-hidden="true">
      <path class={`curve s${series % 6}`} d="M1 6H29" />
      <Marker x={15} y={6} series={series} size={4.2} />
    </svg>
  );
}
