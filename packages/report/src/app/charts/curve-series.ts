import type { ShiftHead } from "../../payload/format.js";
import type { TableView } from "../data/table-view.js";
import type { CurveSeries } from "./curve-chart.js";

/** The same of those shifts in which the figure is known: none that needs a reference where there is none. */
export function knownSeries(...given: Parameters<typeof curveSeries>): CurveSeries[] {
  return curveSeries(...given).filter(({ points }) => points.some(({ value }) => value !== null));
}

/** The points of one figure of `position_curves`, by shift. */
export function curveSeries(
  view: TableView,
  shifts: readonly ShiftHead[],
  column: string,
  label: (shift: ShiftHead, shifts: readonly ShiftHead[]) => string,
): CurveSeries[] {
  return shifts.map((shift, index) => ({
    label: label(shift, shifts),
    index,
    points: view.rows
      .filter((row) => row.text("shift") === shift.id)
      .map((row) => ({
        from: row.number("from_position") ?? 0,
        to: row.number("to_position") ?? 0,
        ...row.estimate(column),
        n: row.number("positions") ?? 0,
      })),
  }));
}
