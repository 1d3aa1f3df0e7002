import type { ShiftPositions } from "./shift-positions.js";

/** How often each token id occurs in each class. */
export interface TokenCounts {
  /** Ids that occur, ascending. */
  readonly ids: readonly number[];
  /** [ids, 3] counts by class, row by row. */
  readonly byClass: Int32Array;
  /** [3] totals by class. */
  readonly totals: Int32Array;
}

export function countTokens(positions: ShiftPositions): TokenCounts {
  const { columns, classes, rows } = positions;
  let largest = -1;
  for (let row = 0; row < rows; row++) largest = Math.max(largest, columns.tokenId[row] as number);
  const dense = new Int32Array((largest + 1) * 3);
  const totals = new Int32Array(3);
  for (let row = 0; row < rows; row++) {
    const of = classes[row] as number;
    const at = (columns.tokenId[row] as number) * 3 + of;
    dense[at] = (dense[at] as number) + 1;
    totals[of] = (totals[of] as number) + 1;
  }
  const ids: number[] = [];
  for (let id = 0; id <= largest; id++) {
    if ((dense[id * 3] as number) + (dense[id * 3 + 1] as number) + (dense[id * 3 + 2] as number) > 0) ids.push(id);
  }
  const byClass = new Int32Array(ids.length * 3);
  for (const [i, id] of ids.entries()) byClass.set(dense.subarray(id * 3, id * 3 + 3), i * 3);
  return { ids, byClass, totals };
}
