import type { ShiftHead } from "../../payload/format.js";
import { count } from "./format.js";

/** Longest reason that is shown whole. */
const reasonLength = 200;

/** Why a comparison has no position: `No answer could be compared: 8 failed (no such token), 2 skipped (too long).` */
export function whyNothing(shift: ShiftHead): string {
  if (shift.scored > 0) {
    const also = leftOut(shift);
    return `No position was compared: ${answers(shift.scored)} had no token${also === "" ? "" : `; ${also}`}.`;
  }
  const reasons = leftOut(shift);
  return reasons === "" ? "No answer was compared." : `No answer could be compared: ${reasons}.`;
}

/** How many answers were left out and why the first of them was. */
function leftOut({ failed, skipped, firstFailure, firstSkip }: ShiftHead): string {
  return [part(failed, "failed", firstFailure), part(skipped, "skipped", firstSkip)].filter(Boolean).join(", ");
}

function part(number: number, what: string, reason: string | null): string {
  if (number === 0) return "";
  const shown = reason === null || reason === "" ? "" : ` (${number > 1 ? "the first: " : ""}${shortened(reason)})`;
  return `${count(number)} ${what}${shown}`;
}

function answers(number: number): string {
  return `${count(number)} ${number === 1 ? "answer" : "answers"}`;
}

function shortened(reason: string): string {
  const whole = reason.trim().replace(/\.$/, "");
  return whole.length > reasonLength ? `${whole.slice(0, reasonLength)}…` : whole;
}
