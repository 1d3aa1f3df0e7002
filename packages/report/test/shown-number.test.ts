import test from "ava";
import fc from "fast-check";
import { divergence, percent } from "../src/app/text/format.js";
import { canBeShownNumbers, shownNumber, shownNumberCode } from "../src/payload/shown-number.js";

const back = (value: number): number => shownNumber(shownNumberCode(value));
const edges = [
  0, 1, 0.9996, 0.99951, 0.5, 0.001, 0.00099999, 0.000996, 0.0005, 0.000496, 0.00049, 9.96e-5, 1e-4, 1e-5, 1e-6, 1e-7,
  1e-9,
];

test("a probability is written as it would have been", (t) => {
  for (const value of edges) t.is(percent(back(value)), percent(value));
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 40 }), (mantissa, power) => {
      const value = mantissa * 10 ** -power;
      return value < 1e-60 || percent(back(value)) === percent(value);
    }),
    { numRuns: 20_000 },
  );
});

test("a divergence is written as it would have been", (t) => {
  for (const value of [...edges, 12.3456, 59.999, Number.POSITIVE_INFINITY, Number.NaN])
    t.is(divergence(back(value)), divergence(value));
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 40 }), (mantissa, power) => {
      const value = mantissa * 59.999 * 10 ** -power;
      return value < 1e-60 || divergence(back(value)) === divergence(value);
    }),
    { numRuns: 20_000 },
  );
});

test("codes fit 16 bits and come back as themselves; what has no code is told", (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 59.999, noNaN: true }), (value) => {
      const code = shownNumberCode(value);
      return Number.isInteger(code) && code >= 0 && code <= 65_535 && shownNumberCode(shownNumber(code)) === code;
    }),
  );
  t.true(canBeShownNumbers([0, 59.999, Number.POSITIVE_INFINITY, Number.NaN]));
  t.false(canBeShownNumbers([60]));
  t.false(canBeShownNumbers([-1e-9]));
});
