import test from "ava";
import fc from "fast-check";
import { clusteredMedian, seededRandom } from "../src/index.js";

function medianOf(clusters: readonly (readonly number[])[]) {
  return clusteredMedian(
    Int32Array.from(clusters.flat()),
    clusters.map(({ length }) => length),
    (cluster, limit) => clusters[cluster]?.filter((value) => value <= limit).length ?? 0,
  );
}

test("small cases", (t) => {
  t.deepEqual(medianOf([]), { value: null, low: null, high: null });
  t.deepEqual(medianOf([[4, 1, 9]]), { value: 4, low: null, high: null });
  t.is(
    medianOf([
      [1, 2],
      [3, 10],
    ]).value,
    2.5,
  );
  t.deepEqual(medianOf([[1], [1], [1], [1]]), { value: 1, low: 1, high: 1 });
});

test("limits enclose the median", (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), {
        minLength: 2,
        maxLength: 20,
      }),
      (clusters) => {
        const { value, low, high } = medianOf(clusters);
        t.true((low ?? 99) <= (value ?? 0) && (value ?? 99) <= (high ?? 0));
      },
    ),
  );
});

test("of independent values it covers the true median about 95 times in 100", (t) => {
  const random = seededRandom(1, "median");
  let covered = 0;
  for (let corpus = 0; corpus < 1000; corpus++) {
    const { low, high } = medianOf(Array.from({ length: 101 }, () => [random.below(1001)]));
    if ((low ?? 1e9) <= 500 && 500 <= (high ?? 0)) covered++;
  }
  t.true(covered >= 925 && covered <= 980, `${covered}`);
});
