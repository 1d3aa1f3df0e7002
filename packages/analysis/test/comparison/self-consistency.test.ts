import test from "ava";
import { type RepeatedScore, selfConsistency } from "../../src/comparison/self-consistency.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { wilsonInterval } from "../../src/statistics/wilson-interval.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "self");
const repeats: RepeatedScore[] = [
  [4, 4, 4],
  [5, 4, 5],
  [3, 3, 2],
  [1, 1, 1],
  [2, 4, 3],
  [5, null, 5],
].map((scores, i) => ({ sampleId: `s${i}`, scores }));

test("share of identical scores, mean deviation and alpha", (t) => {
  // numpy 2.4.6: mean of std(ddof=1) of each; nltk 3.10.3: AnnotationTask.alpha with squared distance.
  const found = selfConsistency(repeats, random());
  near(
    t,
    [found.identicalShare.value, found.meanStandardDeviation.value, found.alpha.value],
    [0.5, 0.3591167563965419, 0.8596491228070176],
  );
  t.like(found, { n: 6, scores: 17 });
  for (const { value, low, high } of [found.identicalShare, found.meanStandardDeviation, found.alpha]) {
    t.true(low !== null && high !== null && value !== null && low < value && value < high);
  }
});

test("answers scored once count in nothing", (t) => {
  const once: RepeatedScore[] = [
    { sampleId: "t0", scores: [5] },
    { sampleId: "t1", scores: [null, 3, Number.NaN] },
    { sampleId: "t2", scores: [] },
  ];
  t.deepEqual(selfConsistency([...once, ...repeats], random()), selfConsistency(repeats.toReversed(), random()));
  const none = selfConsistency(once, random());
  t.like(none, { n: 0, scores: 0 });
  t.deepEqual([none.identicalShare.value, none.meanStandardDeviation.value, none.alpha.value], [null, null, null]);
});

test("a judge that never wavers", (t) => {
  const found = selfConsistency(
    [1, 2, 5].map((score, i) => ({ sampleId: `s${i}`, scores: [score, score] })),
    random(),
  );
  t.deepEqual(found.identicalShare, wilsonInterval(3, 3), "three answers do not make it certain");
  t.deepEqual(found.meanStandardDeviation, { value: 0, low: 0, high: 0 });
  t.is(found.alpha.value, 1);
});
