import test from "ava";
import fc from "fast-check";
import { exactSignFlip } from "../../src/comparison/exact-sign-flip.js";
import type { Score } from "../../src/comparison/mean-interval.js";
import { pairedComparison } from "../../src/comparison/paired-comparison.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "pairs");
const scores = (values: readonly (number | null)[]): Score[] =>
  values.map((score, i) => ({ sampleId: `s${i}`, score }));

// scipy 1.17.1: stats.permutation_test((a, b), mean of a − b, permutation_type="samples", n_resamples=np.inf).
const twelve = [5, 4, 5, 3, 5, 5, 2, 4, 5, 4.5, 3, 5];
const twelveOthers = [4, 4, 3, 3, 5, 2, 3, 4, 2, 4, 3, 4];
const eighteen = [
  0.4, 0.7, 0.13, -0.49, -0.05, -0.59, 0.46, 1.74, -0.09, -0.22, 0.89, 0.76, 0.51, -0.53, 0.37, 1.1, -0.94, -0.06,
];

test("difference and exact p are scipy's", (t) => {
  const found = pairedComparison(scores(twelve), scores(twelveOthers), random());
  near(t, [found.difference.value, found.pValue], [0.7916666666666666, 0.078125]);
  t.is(found.pValueBy, "enumeration");
  const more = pairedComparison(scores(eighteen), scores(eighteen.map(() => 0)), random());
  near(t, [more.difference.value, more.pValue], [0.22722222222222227, 0.17389678955078125]);
  t.is(more.pValueBy, "enumeration");
});

test("Darwin's maize: Fisher's own count", (t) => {
  // Fisher, The Design of Experiments (1935), §21: differences of 15 pairs in eighths of an inch; 863 of 2^15 patterns have so large
  // a sum, as many so small a one. scipy 1.17.1 gives the same 0.05267333984375.
  t.is(exactSignFlip([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]), 1726 / 32768);
});

test("exact up to 20 differences that are not 0", (t) => {
  t.is(exactSignFlip(new Array(20).fill(1)), 2 ** -19);
  t.is(exactSignFlip([...new Array(20).fill(1), ...new Array(500).fill(0)]), 2 ** -19);
  t.is(exactSignFlip(new Array(21).fill(1)), null);
  t.is(exactSignFlip([0.1, 0.2, 0.3]), 2 / 8);
  t.is(exactSignFlip([]), 1);
});

test("drawn patterns come near the exact p, and p is never 0", (t) => {
  // 20 differences by enumeration against the same with a 21st too small to matter, whose patterns are drawn.
  const twenty = Array.from({ length: 20 }, (_, i) => ((i * 37) % 41) - 15);
  const exact = pairedComparison(scores(twenty), scores(twenty.map(() => 0)), random());
  const drawn = pairedComparison(scores([...twenty, 1e-9]), scores([...twenty.map(() => 0), 0]), random());
  t.is(exact.pValueBy, "enumeration");
  t.is(drawn.pValueBy, "draws");
  t.true(Math.abs((exact.pValue ?? 0) - (drawn.pValue ?? 1)) < 0.02);
  const clear = pairedComparison(scores(new Array(60).fill(5)), scores(new Array(60).fill(1)), random());
  t.is(clear.pValue, 1 / 10_000);
});

test("the paired interval is that of the mean difference", (t) => {
  // scores differ wildly between samples and by 0 or 1 within: the pairing must take the former out.
  const base = Array.from({ length: 200 }, (_, i) => (i * 13) % 100);
  const found = pairedComparison(scores(base.map((score, i) => score + (i % 2))), scores(base), random());
  const half = 1.96 * Math.sqrt(0.25 / 200);
  near(t, [found.difference.value], [0.5]);
  near(t, [found.difference.low, found.difference.high], [0.5 - half, 0.5 + half], 0.012);
});

test("samples of one system only are dropped and counted", (t) => {
  const first: Score[] = [
    { sampleId: "a", score: 3 },
    { sampleId: "b", score: null },
    { sampleId: "c", score: 5 },
    { sampleId: "d", score: 5 },
  ];
  const second: Score[] = [
    { sampleId: "d", score: 4 },
    { sampleId: "b", score: 2 },
    { sampleId: "a", score: 1 },
    { sampleId: "e", score: 1 },
    { sampleId: "f", score: Number.NaN },
  ];
  const found = pairedComparison(first, second, random());
  t.like(found, { pairs: 2, clusters: 2, onlyFirst: 1, onlySecond: 2 });
  t.is(found.difference.value, 1.5);
  t.deepEqual(pairedComparison(first, [], random()), {
    difference: { value: null, low: null, high: null },
    pValue: null,
    pValueBy: null,
    pairs: 0,
    clusters: 0,
    onlyFirst: 3,
    onlySecond: 0,
  });
  t.throws(() => pairedComparison([...first, ...first], second, random()), {
    instanceOf: RangeError,
    message: /two scores/,
  });
});

test("clusters change sign as a whole", (t) => {
  const turns = Array.from({ length: 12 }, (_, i) => ({ sampleId: `t${i}`, cluster: `c${i % 4}`, score: 1 }));
  const found = pairedComparison(
    turns,
    turns.map((turn) => ({ ...turn, score: 0 })),
    random(),
  );
  t.is(found.pValue, 2 / 2 ** 4);
  t.is(found.clusters, 4);
});

const pairs = fc.uniqueArray(
  fc.record({ sampleId: fc.string(), a: fc.integer({ min: 1, max: 10 }), b: fc.integer({ min: 1, max: 10 }) }),
  { minLength: 2, maxLength: 26, selector: ({ sampleId }) => sampleId },
);

test("swapping mirrors the difference, order changes nothing, p lies in (0, 1]", (t) => {
  fc.assert(
    fc.property(pairs, fc.integer(), (list, seed) => {
      const a = list.map(({ sampleId, a: score }) => ({ sampleId, score }));
      const b = list.map(({ sampleId, b: score }) => ({ sampleId, score }));
      const options = { resamples: 100 };
      const found = pairedComparison(a, b, random(seed), options);
      const swapped = pairedComparison(b, a, random(seed), options);
      const { difference } = found;
      near(
        t,
        [swapped.difference.value, swapped.difference.high, swapped.difference.low],
        [-(difference.value ?? Number.NaN), -(difference.low ?? Number.NaN), -(difference.high ?? Number.NaN)],
        1e-12,
      );
      t.is(swapped.pValue, found.pValue);
      t.true(found.pValue !== null && found.pValue > 0 && found.pValue <= 1);
      t.deepEqual(pairedComparison(a.toReversed(), b, random(seed), options), found);
    }),
    { numRuns: 30 },
  );
});

test("identical systems do not differ", (t) => {
  fc.assert(
    fc.property(pairs, (list) => {
      const a = list.map(({ sampleId, a: score }) => ({ sampleId, score }));
      const found = pairedComparison(a, a, random(), { resamples: 50 });
      t.deepEqual(found.difference, { value: 0, low: 0, high: 0 });
      t.is(found.pValue, 1);
    }),
    { numRuns: 20 },
  );
});
