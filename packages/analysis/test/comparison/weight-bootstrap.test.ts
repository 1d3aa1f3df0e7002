import test from "ava";
import { weightBootstrap } from "../../src/comparison/weight-bootstrap.js";
import { clusterBootstrap, ratioOf } from "../../src/statistics/cluster-bootstrap.js";
import { clusterSums } from "../../src/statistics/cluster-sums.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";

const random = () => seededRandom(1, "weights");

test("draws what clusterBootstrap draws: a mean has the same interval bit for bit", (t) => {
  const values = Array.from({ length: 23 }, (_, i) => (i * 7) % 11);
  const sums = clusterSums(values.length, 2);
  sums.data.set(values.flatMap((value) => [1, value]));
  const mean = (weights: Float64Array): number[] => [
    values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0) /
      weights.reduce((sum, weight) => sum + weight, 0),
  ];
  const found = weightBootstrap(values.length, mean(new Float64Array(23).fill(1)), mean, random(), { resamples: 300 });
  t.deepEqual(found, clusterBootstrap(sums, [ratioOf(1, 0)], random(), { resamples: 300 }));
});

test("a figure that most resamples leave undefined, or that runs to infinity, has no interval", (t) => {
  const first = (weights: Float64Array): number => weights[0] ?? 0;
  const figures = (weights: Float64Array): number[] => [
    // The first of 30 clusters is drawn in 64 % of the resamples, three times or more in 8 %.
    first(weights) > 0 ? 1 : Number.NaN,
    first(weights) > 2 ? 1 : Number.NaN,
    1 / (first(weights) - 1),
  ];
  t.deepEqual(weightBootstrap(30, [1, 1, 5], figures, random()), [
    { value: 1, low: 1, high: 1 },
    { value: 1, low: null, high: null },
    { value: 5, low: null, high: null },
  ]);
  t.deepEqual(
    weightBootstrap(1, [3, Number.NaN], () => [0, 0], random()),
    [
      { value: 3, low: null, high: null },
      { value: null, low: null, high: null },
    ],
  );
});
