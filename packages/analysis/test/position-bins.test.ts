import test from "ava";
import fc from "fast-check";
import { binPositions, openPositions, seededRandom } from "../src/index.js";
import { madeRows, shiftOf } from "./made-shift.js";

function binsOf(lengths: readonly number[], least?: number) {
  const answers = Object.fromEntries(lengths.map((length, i) => [`q${i}`, length]));
  return binPositions(openPositions(shiftOf("a", "b", madeRows(answers, seededRandom(1, "bins")))), least);
}

test("positions stay alone while enough answers reach them, then pool", (t) => {
  t.deepEqual(binsOf([1, 3, 3, 6], 3), [
    { from: 0, to: 0, rows: 4 },
    { from: 1, to: 1, rows: 3 },
    { from: 2, to: 2, rows: 3 },
    { from: 3, to: 5, rows: 3 },
  ]);
});

test("a last bin that is too small joins the one before", (t) => {
  t.deepEqual(binsOf([1, 3, 3, 5], 3), [
    { from: 0, to: 0, rows: 4 },
    { from: 1, to: 1, rows: 3 },
    { from: 2, to: 4, rows: 5 },
  ]);
  t.deepEqual(binsOf([2, 2]), [{ from: 0, to: 1, rows: 4 }]);
  t.deepEqual(binsOf([]), []);
});

test("bins cover every position once and hold 30 rows each", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 50 }), (lengths) => {
      const bins = binsOf(lengths);
      let from = 0;
      for (const bin of bins) {
        t.is(bin.from, from);
        from = bin.to + 1;
        const rows = lengths.reduce((sum, length) => sum + Math.max(0, Math.min(length, bin.to + 1) - bin.from), 0);
        t.is(bin.rows, rows);
        t.true(rows >= 30 || bins.length === 1);
      }
      t.is(from, Math.max(...lengths));
    }),
    { numRuns: 60 },
  );
});
