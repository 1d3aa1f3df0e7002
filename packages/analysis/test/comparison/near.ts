import type { ExecutionContext } from "ava";

/** Asserts that numbers equal others to 1e-6, the bar that references are held to. */
export function near(
  t: ExecutionContext,
  found: ArrayLike<number | null | undefined>,
  expected: readonly number[],
  within = 1e-6,
): void {
  t.is(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs((found[i] ?? Number.NaN) - value);
    t.true(difference <= within, `place ${i}: ${found[i]} is not ${value}`);
  }
}
