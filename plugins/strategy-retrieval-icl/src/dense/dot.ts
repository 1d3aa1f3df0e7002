/**
 * Dot product of a row of `rows`, from `offset` on, with a query of doubles. Always added in the same order, so that equal rows have
 * equal scores wherever they lie. Four sums, because one would wait for itself.
 */
export function dot(rows: Float32Array, offset: number, query: Float64Array): number {
  const length = query.length;
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    one += (rows[offset + at] as number) * (query[at] as number);
    two += (rows[offset + at + 1] as number) * (query[at + 1] as number);
    three += (rows[offset + at + 2] as number) * (query[at + 2] as number);
    four += (rows[offset + at + 3] as number) * (query[at + 3] as number);
  }
  for (; at < length; at += 1) one += (rows[offset + at] as number) * (query[at] as number);
  return one + two + (three + four);
}
