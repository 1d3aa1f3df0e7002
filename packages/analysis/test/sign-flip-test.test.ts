import test from "ava";
import fc from "fast-check";
import { seededRandom, signFlipTest } from "../src/index.js";

const p = (differences: readonly number[], seed = 1): number | null =>
  signFlipTest(Float64Array.from(differences), seededRandom(seed, "flip"));

/** All patterns, by recursion. */
function slowP(differences: readonly number[]): number {
  const sums = differences.reduce<number[]>((reached, d) => reached.flatMap((sum) => [sum + d, sum - d]), [0]);
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  return sums.filter((sum) => Math.abs(sum) >= observed).length / sums.length;
}

test("known small cases", (t) => {
  t.is(p([1, 1, 1]), 2 / 8);
  t.is(p([1, 1, 1, 1, 1, 1]), 2 / 64);
  t.is(p([3, -1]), 1);
  t.is(p([0, 0]), 1);
  t.is(p([5]), 1);
  t.is(p([]), null);
});

test("equals exact enumeration over whole differences", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 10 }), (differences) => {
      t.is(p(differences), slowP(differences));
    }),
    { numRuns: 100 },
  );
});

test("sums equal on paper count as equal", (t) => {
  // 0.1 + 0.2 − 0.3 is not 0 in doubles; every pattern with |Σ| = 0.6 must count.
  t.is(p([0.1, 0.2, 0.3]), 2 / 8);
  t.is(p([0.3, 0.2, 0.1]), 2 / 8);
});

test("drawn patterns agree with enumeration", (t) => {
  const random = seededRandom(4, "differences");
  const differences = Array.from({ length: 16 }, () => random.below(21) - 8);
  t.true(Math.abs((p(differences) ?? 0) - slowP(differences)) < 0.02);
});

test("a clear difference of many samples is significant, none is not, and p is never 0", (t) => {
  const random = seededRandom(5, "noise");
  const noise = Array.from({ length: 200 }, () => random.below(2001) - 1000);
  t.true((p(noise) ?? 0) > 0.05);
  t.is(p(noise.map((value) => value + 1000)), 1 / 10_000);
});

test("more than 2048 differences keep level and power", (t) => {
  const random = seededRandom(6, "many");
  const noise = Array.from({ length: 5000 }, () => random.below(2001) - 1000);
  t.true((p(noise) ?? 0) > 0.01);
  t.true((p(noise.map((value) => value + 60)) ?? 1) < 0.01);
});
