import type { FigureResult, MeasureResult } from "./bench-document.js";

/** Header and rows of the table of figures: the same in the terminal and on the page. */
export const resultHeader = ["measure", "figure", "target", "median", "min", "max", "verdict"] as const;

export function resultRows(measures: readonly MeasureResult[]): string[][] {
  return measures.flatMap((measure): string[][] =>
    measure.unavailable === undefined
      ? measure.figures.map((figure) => [
          measure.id,
          figure.title,
          targetText(figure),
          ...[figure.median, figure.min, figure.max].map((value) => figureText(value, figure.unit)),
          measure.check.agree ? verdict(figure.met) : "results differ",
        ])
      : [[measure.id, measure.title, "", "", "", "", "not measured"]],
  );
}

function verdict(met: boolean | null): string {
  return met === null ? "" : met ? "met" : "missed";
}

function targetText({ target, unit }: FigureResult): string {
  return target === null ? "" : `${target.direction === "at least" ? "≥" : "≤"} ${figureText(target.value, unit)}`;
}

/** Three significant digits, bytes in powers of ten: `1.04 ×`, `18.2 s`, `304 kB`. */
export function figureText(value: number | null, unit: FigureResult["unit"]): string {
  if (value === null) return "–";
  if (unit !== "bytes") return `${threeDigits(value)} ${unit}`;
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${threeDigits(value / 1000 ** step)} ${units[step]}`;
}

function threeDigits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
