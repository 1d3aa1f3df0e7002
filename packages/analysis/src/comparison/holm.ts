/**
 * Holm's step-down adjustment (Holm 1979): with p₍₁₎ ≤ … ≤ p₍ₘ₎, the i-th is adjusted to max over j ≤ i of
 * min(1, (m − j + 1) · p₍ⱼ₎). Rejecting where the adjusted p is at most α keeps the chance of any false rejection in the family at most
 * α, whatever the tests' dependence.
 *
 * @param pValues the family, one table's tests; null (a test that could not be made) stays null and is not counted in m
 * @returns in the order given
 * @throws RangeError for a p outside [0, 1]
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tests = pValues.flatMap((p, place) => (p === null ? [] : [{ p, place }]));
  for (const { p } of tests) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0, 1], not ${p}`);
  }
  const adjusted: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  for (const [rank, { p, place }] of tests.sort((a, b) => a.p - b.p).entries()) {
    largest = Math.max(largest, Math.min(1, (tests.length - rank) * p));
    adjusted[place] = largest;
  }
  return adjusted;
}
