import { classOfRank, type PositionColumns } from "@unshift/contracts";
import { type Strip, stripCells } from "./format.js";

/** Class counts of an answer and its strip: one cell a position, or the highest class of each of {@link stripCells} equal stretches. */
export function stripOf(columns: PositionColumns): Strip {
  const { length, subjectRank, klReferenceSubject } = columns;
  const cells = new Array<number>(Math.min(length, stripCells)).fill(0);
  const counts = { unshifted: 0, marginal: 0, shifted: 0 };
  let klSum = 0;
  for (let t = 0; t < length; t += 1) {
    const shiftClass = classOfRank(subjectRank[t] ?? 1);
    counts[shiftClass] += 1;
    klSum += klReferenceSubject[t] ?? 0;
    const cell = length <= stripCells ? t : Math.floor((t * stripCells) / length);
    const level = shiftClass === "unshifted" ? 0 : shiftClass === "marginal" ? 1 : 2;
    cells[cell] = Math.max(cells[cell] ?? 0, level);
  }
  return { ...counts, cells: cells.join(""), meanKl: meanKl(columns, klSum) };
}

function meanKl({ withoutReference, length }: PositionColumns, sum: number): number | null {
  if (withoutReference === true) return null;
  return length === 0 ? 0 : Number((sum / length).toPrecision(6));
}
