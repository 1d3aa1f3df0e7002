import type { ShiftPositions } from "./shift-positions.js";

/** Positions from … to (both included, 0-based) that a point of a curve stands for. */
export interface PositionBin {
  readonly from: number;
  readonly to: number;
  /** Rows in the bin. */
  readonly rows: number;
}

/** Rows a point of a curve needs. */
const leastRows = 30;

/**
 * Consecutive bins: starting at position 0, positions are added to a bin until it holds at least 30 rows; a last bin with fewer
 * joins the one before it. So every bin has at least 30 rows, or the whole shift has fewer and is one bin. Positions that at least
 * 30 answers reach stay by themselves.
 */
export function binPositions({ starts, occupied }: ShiftPositions, least = leastRows): PositionBin[] {
  let longest = 0;
  for (const sample of occupied)
    longest = Math.max(longest, (starts[sample + 1] as number) - (starts[sample] as number));
  // ending[l]: answers of exactly l positions.
  const ending = new Int32Array(longest + 1);
  for (const sample of occupied) {
    const length = (starts[sample + 1] as number) - (starts[sample] as number);
    ending[length] = (ending[length] as number) + 1;
  }
  const bins: PositionBin[] = [];
  let reaching = occupied.length;
  let from = 0;
  let rows = 0;
  for (let position = 0; position < longest; position++) {
    reaching -= ending[position] as number;
    rows += reaching;
    if (rows < least) continue;
    bins.push({ from, to: position, rows });
    from = position + 1;
    rows = 0;
  }
  if (rows === 0) return bins;
  const before = bins.pop();
  bins.push(
    before === undefined
      ? { from, to: longest - 1, rows }
      : { from: before.from, to: longest - 1, rows: before.rows + rows },
  );
  return bins;
}
