import test from "ava";
import fc from "fast-check";
import { cutWords } from "../src/cut-words.js";
import { dot } from "../src/dense/dot.js";
import { Nearest } from "../src/nearest.js";

test("the best of all offered, as sorting finds them, in whatever order they come", (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 })),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      (scores, count, turned) => {
        const all = scores.map((score, row) => ({ row, score }));
        const nearest = new Nearest(count);
        for (const { row, score } of turned ? all.toReversed() : all) nearest.offer(row, score);
        const sorted = all.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, count);
        t.deepEqual(nearest.list(), sorted);
        t.is(nearest.worst, sorted.length < count ? Number.NEGATIVE_INFINITY : (sorted.at(-1)?.score ?? Number.NaN));
      },
    ),
  );
});

test("a dot product of any length, at any place", (t) => {
  const value = fc.float({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), fc.integer({ min: 0, max: 4 }), (query, offset) => {
      const rows = Float32Array.from([...new Array<number>(offset).fill(9), ...query.map((each) => each / 2)]);
      const expected = query.reduce((sum, each, at) => sum + each * (rows[offset + at] ?? 0), 0);
      t.true(Math.abs(dot(rows, offset, Float64Array.from(query)) - expected) < 1e-12);
    }),
  );
});

test("words are cut as white space separates them, and what stands between them stays", (t) => {
  t.deepEqual(cutWords("a  b\n\nc d", 3), { text: "a  b\n\nc", cut: true });
  t.deepEqual(cutWords(" a b \n", 2), { text: " a b \n", cut: false });
  t.deepEqual(cutWords("", 1), { text: "", cut: false });
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("x", "yy", " ", "\n", "日本")),
      fc.integer({ min: 1, max: 9 }),
      (parts, most) => {
        const text = parts.join("");
        const words = text.split(/\s+/).filter((word) => word !== "");
        const shown = cutWords(text, most);
        t.true(text.startsWith(shown.text));
        t.deepEqual(
          shown.text.split(/\s+/).filter((word) => word !== ""),
          words.slice(0, most),
        );
        t.is(shown.cut, words.length > most);
      },
    ),
  );
});
