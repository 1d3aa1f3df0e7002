/**
 * The largest size from 0 to `most` that fits, where a size that does not fit has no larger one that does. Looks at few sizes, and
 * at none much larger than the answer: a text of 100,000 examples is not written to find out that forty fit.
 */
export function largestFit(most: number, fits: (size: number) => boolean): number {
  let low = 0;
  let high = Math.min(most, 8);
  while (high > low && fits(high)) {
    low = high;
    high = Math.min(most, high * 2);
  }
  // Everything up to `low` fits; where `high` is larger, it does not.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
