/** Up to this many differences other than 0, all 2^n sign patterns are counted. */
const mostExactFlips = 20;

/**
 * Exact two-sided p of the sign-flip test: the share of the 2^n sign patterns of the differences whose |Σ ± dᵢ| is at least |Σ dᵢ|
 * (Fisher 1935, §21). Differences of 0 change no sum and are left out.
 *
 * @returns p in (0, 1], or null where more than `mostExactFlips` differences are not 0
 */
export function exactSignFlip(differences: ArrayLike<number>): number | null {
  const values = Array.from(differences).filter((difference) => difference !== 0);
  if (values.length > mostExactFlips) return null;
  let observed = 0;
  let magnitude = 0;
  for (const value of values) {
    observed += value;
    magnitude += Math.abs(value);
  }
  // Patterns that are equal on paper may differ in the last bits.
  const threshold = Math.abs(observed) - 1e-12 * magnitude;
  const extremeFrom = (place: number, sum: number): number => {
    const value = values[place];
    if (value === undefined) return Math.abs(sum) >= threshold ? 1 : 0;
    return extremeFrom(place + 1, sum + value) + extremeFrom(place + 1, sum - value);
  };
  return extremeFrom(0, 0) / 2 ** values.length;
}
