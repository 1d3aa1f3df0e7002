import test from "ava";
import fc from "fast-check";
import { holm } from "../../src/comparison/holm.js";
import { near } from "./near.js";

test("equals statsmodels", (t) => {
  // statsmodels 0.15.0: multipletests(p, method="holm")[1].
  near(t, holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  near(t, holm([0.0009, 0.02, 0.02, 0.9, 0.013, 0.3, 0.0501]), [0.0063, 0.1, 0.1, 0.9, 0.078, 0.6, 0.1503]);
});

test("a test that was not made is not counted", (t) => {
  const [a, none, b, c, noneEither, d] = holm([0.01, null, 0.04, 0.03, null, 0.005]);
  near(t, [a, b, c, d], [0.03, 0.06, 0.06, 0.02]);
  t.deepEqual([none, noneEither], [null, null]);
  t.deepEqual(holm([null, 0.04, null]), [null, 0.04, null]);
  t.deepEqual(holm([]), []);
  for (const p of [Number.NaN, -0.1, 1.1]) t.throws(() => holm([0.5, p]), { instanceOf: RangeError });
});

test("between the p and Bonferroni's, in the same order, wherever they stand", (t) => {
  const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(family, (p) => {
      const adjusted = holm(p) as number[];
      for (const [i, value] of adjusted.entries()) {
        const raw = p[i] ?? Number.NaN;
        t.true(value >= raw && value <= Math.min(1, p.length * raw));
        for (const [j, other] of adjusted.entries()) if (raw < (p[j] ?? Number.NaN)) t.true(value <= other);
      }
      t.deepEqual(holm(p.toReversed()), adjusted.toReversed());
    }),
  );
});
