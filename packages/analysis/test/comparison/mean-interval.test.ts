import test from "ava";
import fc from "fast-check";
import { meanInterval, type Score } from "../../src/comparison/mean-interval.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "mean");
const scores = (values: readonly (number | null)[]): Score[] =>
  values.map((score, i) => ({ sampleId: `s${i}`, score }));

test("mean and interval are scipy's percentile bootstrap", (t) => {
  // scipy 1.17.1: stats.bootstrap((s,), np.mean, n_resamples=400000, method="percentile", rng=1) → low 3.55, high 4.5. The resampled
  // mean moves in steps of 0.05, so that the right limits are found exactly once resamples are many.
  const s = [5, 4, 5, 3, 5, 5, 2, 4, 5, 4, 3, 5, 5, 4, 1, 5, 4, 4, 5, 3];
  const found = meanInterval(scores(s), random(), { resamples: 100_000 });
  near(t, [found.value, found.low, found.high], [4.05, 3.55, 4.5]);
  t.is(found.n, 20);
  t.is(found.clusters, 20);
});

test("the exact bootstrap distribution of two values", (t) => {
  // 0, ½ and 1 with probabilities ¼, ½, ¼: both limits are ends.
  t.deepEqual(meanInterval(scores([0, 1]), random()), { value: 0.5, low: 0, high: 1, n: 2, clusters: 2, absent: 0 });
});

test("what is not there is no number", (t) => {
  t.deepEqual(meanInterval(scores([null, Number.NaN, Number.POSITIVE_INFINITY, 4]), random()), {
    value: 4,
    low: null,
    high: null,
    n: 1,
    clusters: 1,
    absent: 3,
  });
  t.deepEqual(meanInterval([], random()), { value: null, low: null, high: null, n: 0, clusters: 0, absent: 0 });
  const present = scores([1, 5, 3, 4]);
  const { absent, ...withAbsent } = meanInterval([{ sampleId: "a", score: null }, ...present], random());
  t.is(absent, 1);
  t.like(meanInterval(present, random()), withAbsent);
});

test("turns of one conversation are not independent", (t) => {
  const values = Array.from({ length: 40 }, (_, i) => 1 + ((i * 7) % 5));
  const turns = values.flatMap((score, i) =>
    Array.from({ length: 9 }, (_, turn) => ({ sampleId: `s${i}.${turn}`, cluster: `s${i}`, score })),
  );
  const apart = meanInterval(
    turns.map(({ cluster, ...turn }) => turn),
    random(),
  );
  const together = meanInterval(turns, random());
  t.is(together.n, 360);
  t.is(together.clusters, 40);
  const width = (of: typeof apart): number => (of.high ?? 0) - (of.low ?? 0);
  t.true(Math.abs(width(together) / width(apart) - 3) < 0.3, "nine equal turns: √9 times as wide");
});

test("one cluster of many scores has a mean and no interval", (t) => {
  const turns = [1, 2, 6].map((score, i) => ({ sampleId: `t${i}`, cluster: "c", score }));
  t.like(meanInterval(turns, random()), { value: 3, low: null, high: null, n: 3, clusters: 1 });
});

test("several scores of one sample add up in one order", (t) => {
  const several = [0.1, 0.2, 0.3, 0.7, 1e-9].map((score) => ({ sampleId: "s", score }));
  t.deepEqual(meanInterval(several.toReversed(), random()), meanInterval(several, random()));
});

test("the order of scores changes nothing, and limits stay on the scale", (t) => {
  const anyScores = fc.uniqueArray(
    fc.record({ sampleId: fc.string(), score: fc.option(fc.double({ min: 1, max: 5, noNaN: true })) }),
    { minLength: 2, maxLength: 15, selector: ({ sampleId }) => sampleId },
  );
  fc.assert(
    fc.property(
      anyScores.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      fc.integer(),
      ([list, shuffled], seed) => {
        const found = meanInterval(list, random(seed), { resamples: 50 });
        t.deepEqual(meanInterval(shuffled, random(seed), { resamples: 50 }), found);
        const limits = [found.low, found.value, found.high].filter((limit) => limit !== null);
        t.true(limits.every((limit) => limit > 1 - 1e-12 && limit < 5 + 1e-12));
      },
    ),
    { numRuns: 60 },
  );
});
