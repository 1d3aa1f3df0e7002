import { type ShiftClass, shiftClasses, type Table } from "@unshift/contracts";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, estimated, text } from "./table-columns.js";

interface Row extends OpenedShift {
  readonly of: ShiftClass;
}

/** Paper §2.2: shares of unshifted, marginal and shifted positions, micro-averaged; one row per shift and class. */
export function classRatios(shifts: readonly OpenedShift[]): Table {
  return buildTable<Row>(
    "class_ratios",
    "Unshifted, marginal and shifted positions",
    [
      ...shiftColumns<Row>(),
      text("class", "unshifted: subject rank 1; marginal: 2 or 3; shifted: above 3.", (row) => row.of),
      count(
        "positions",
        "positions",
        "Positions of the class.",
        (row) => row.tokens.totals[shiftClasses.indexOf(row.of)] ?? 0,
      ),
      count("of_positions", "positions", "All positions compared.", (row) => row.positions.rows),
      count("samples", "samples", "Samples with at least one position.", (row) => row.positions.occupied.length),
      ...estimated<Row>("share", "share", "Share of positions that are of the class.", (row) => row.estimates[row.of]),
    ],
    shifts.flatMap((shift) => shiftClasses.map((of) => ({ ...shift, of }))),
  );
}
