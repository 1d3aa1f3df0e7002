import test from "ava";
import { divergence, percent } from "../src/app/text/format.js";
import { canBeShownNumbers, shownNumber, shownNumberCode } from "../src/payload/shown-number.js";
import { randomFrom } from "./synthetic/random.js";

const back = (value: number): number => shownNumber(shownNumberCode(value));
const edges = [
  0, 1, 0.9996, 0.99951, 0.5, 0.001, 0.00099999, 0.000996, 0.0005, 0.000496, 0.00049, 9.96e-5, 1e-4, 1e-5, 1e-6,
  1.02e-7, 1e-9,
];

/** Numbers of every size from `most` down to 1e-40. */
function* numbers(most: number): Generator<number> {
  const random = randomFrom(3);
  for (let i = 0; i < 40_000; i += 1) yield random() * most * 10 ** -Math.floor((random() * 40 * i) / 40_000);
}

test("a probability is written as it would have been", (t) => {
  for (const value of edges) t.is(percent(back(value)), percent(value));
  const wrong = [...numbers(1)].filter((value) => percent(back(value)) !== percent(value));
  t.deepEqual(wrong, []);
});

test("a divergence is written as it would have been", (t) => {
  for (const value of [...edges, 12.3456, 59.999, Number.POSITIVE_INFINITY, Number.NaN])
    t.is(divergence(back(value)), divergence(value));
  const wrong = [...numbers(59.999)].filter((value) => divergence(back(value)) !== divergence(value));
  t.deepEqual(wrong, []);
});

test("codes fit 16 bits and come back as themselves; what has no code is told", (t) => {
  const codes = [...numbers(59.999)].map(shownNumberCode);
  t.true(codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 65_535));
  t.deepEqual(
    codes.map((code) => shownNumberCode(shownNumber(code))),
    codes,
  );
  t.true(canBeShownNumbers([0, 59.999, Number.POSITIVE_INFINITY, Number.NaN]));
  t.false(canBeShownNumbers([60]));
  t.false(canBeShownNumbers([-1e-9]));
});
