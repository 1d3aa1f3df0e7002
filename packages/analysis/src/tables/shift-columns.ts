import type { ShiftInput } from "@unshift/contracts/services";
import { type ColumnOf, text } from "./table-columns.js";

/** The three columns by which every table of shifts says which shift a row is of. */
export function shiftColumns<Row extends { readonly shift: ShiftInput }>(): ColumnOf<Row>[] {
  return [
    text("shift", "Id of the shift: answers→subject.", ({ shift }) => shift.id),
    text("answers", "System whose answers are compared; its model is the reference.", ({ shift }) => shift.answers),
    text("subject", "System under which the same answers are scored.", ({ shift }) => shift.subject),
  ];
}
