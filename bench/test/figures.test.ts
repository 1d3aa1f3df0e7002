import test from "ava";
import fc from "fast-check";
import { type Figure, ratio, sideValue } from "../src/measure.js";
import { figureResult, median } from "../src/results/figure-result.js";
import { figureText } from "../src/results/result-table.js";

const figure: Figure = {
  id: "time",
  title: "theirs / ours",
  unit: "×",
  target: { direction: "at least", value: 2 },
  of: ratio("theirs", "ours"),
};
const round = (theirs: number, ours: number) => ({ theirs: { seconds: theirs }, ours: { seconds: ours } });

test("a ratio is taken within each round, so a slow round changes nothing", (t) => {
  const result = figureResult(figure, [round(4, 2), round(40, 20), round(3, 1)], true);
  t.deepEqual(result.values, [2, 2, 3]);
  t.deepEqual([result.median, result.min, result.max, result.met], [2, 2, 3, true]);
});

test("a target is reached from its own side, and not judged where nobody asked", (t) => {
  t.is(figureResult(figure, [round(3.9, 2)], true).met, false);
  t.is(figureResult(figure, [round(1, 2)], false).met, null);
  const most: Figure = { ...figure, target: { direction: "at most", value: 2 } };
  t.is(figureResult(most, [round(4, 2)], true).met, true);
  t.is(figureResult(most, [round(4.1, 2)], true).met, false);
});

test("rounds that say nothing are left out; where all do, there is no figure", (t) => {
  const bytes: Figure = { ...figure, unit: "bytes", of: sideValue("theirs", "peakBytes") };
  t.is(figureResult(bytes, [round(1, 1)], true).median, null);
  t.is(figureResult(bytes, [round(1, 1), { theirs: { peakBytes: 7 } }], true).median, 7);
});

test("a median has as many values on either side", (t) => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      t.true(below <= values.length / 2 && above <= values.length / 2);
    }),
  );
});

test("figures are told with three digits and their unit", (t) => {
  t.is(figureText(1.0349, "×"), "1.03 ×");
  t.is(figureText(182.4, "s"), "182 s");
  t.is(figureText(303872, "bytes"), "304 kB");
  t.is(figureText(1_200_000_000, "bytes"), "1.2 GB");
  t.is(figureText(0, "bytes"), "0 B");
  t.is(figureText(null, "×"), "–");
});
