import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ShiftHead } from "../../payload/format.js";
import type { ReportData } from "../data/report-data.js";
import type { Route } from "./route.js";

/** What every view needs: the data, where we are, and which comparison is looked at. */
export interface ReportState {
  readonly data: ReportData;
  readonly route: Route;
  /** Index of the chosen shift; −1 in a run without shifts. */
  readonly shiftIndex: number;
  readonly shift: ShiftHead | null;
  /** The `subject` parameter of links that keep the choice; null for the first. */
  readonly subject: string | null;
}

const context = createContext<ReportState | null>(null);
export const ReportProvider = context.Provider;

export function useReport(): ReportState {
  const state = useContext(context);
  if (state === null) throw new Error("useReport outside of the report");
  return state;
}

/** How a shift is named in an address: by its subject, or by its id where several answers share a subject. */
export function subjectName(shift: ShiftHead, shifts: readonly ShiftHead[]): string {
  return shifts.filter(({ subject }) => subject === shift.subject).length > 1 ? shift.id : shift.subject;
}

/** How a shift is named on screen. */
export function shiftLabel(shift: ShiftHead, shifts: readonly ShiftHead[]): string {
  return shifts.every(({ answers }) => answers === shift.answers)
    ? shift.subject
    : `${shift.answers} → ${shift.subject}`;
}

/** The chosen shift: by subject or id; the first where none is named. */
export function chosenShift(name: string | null, shifts: readonly ShiftHead[]): number {
  const index = shifts.findIndex((shift) => subjectName(shift, shifts) === name || shift.id === name);
  return index >= 0 ? index : shifts.length > 0 ? 0 : -1;
}
