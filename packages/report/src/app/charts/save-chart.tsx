import type { RefObject, VNode } from "preact";
import { csvText } from "../text/csv-text.js";
import { type KeyEntry, standaloneSvg } from "./standalone-svg.js";

interface SaveChartProps {
  readonly title: string;
  /** The element that holds the drawn `<svg>`. */
  readonly box: RefObject<HTMLElement | null>;
  readonly series: readonly KeyEntry[];
  /** Header and rows of what is drawn. */
  readonly data: () => readonly (readonly (string | number | null)[])[];
}

/** Saves a chart as a picture, or what it draws as a table. The files are made here: nothing is fetched. */
export function SaveChart({ title, box, series, data }: SaveChartProps): VNode {
  const name = `${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}`;
  const saveSvg = (): void => {
    const chart = box.current?.querySelector("svg");
    if (chart) save(`${name}.svg`, "image/svg+xml", standaloneSvg(chart, title, series));
  };
  return (
    <span class="save">
      <button type="button" onClick={saveSvg} aria-label={`Save ${title} as SVG`} title="Save the chart">
        SVG
      </button>
      <button
        type="button"
        onClick={() => save(`${name}.csv`, "text/csv", csvText(data()))}
        aria-label={`Save the data of ${title} as CSV`}
        title="Save what it draws"
      >
        CSV
      </button>
    </span>
  );
}

function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the file after the click: the address must live a while longer.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
