import test from "ava";
import fc from "fast-check";
import { largestFit } from "../src/largest-fit.js";
import { derangement, random, shuffled } from "../src/random.js";

const seed = fc.integer({ min: 0, max: 0xffff_ffff });

test("numbers are in [0, 1), spread, and a seed's own", (t) => {
  const next = random(7);
  const drawn = Array.from({ length: 10_000 }, next);
  t.true(drawn.every((value) => value >= 0 && value < 1));
  t.true(Math.abs(drawn.reduce((sum, value) => sum + value, 0) / drawn.length - 0.5) < 0.02);
  const again = random(7);
  t.deepEqual(drawn.slice(0, 5), Array.from({ length: 5 }, again));
  t.not(random(8)(), drawn[0]);
});

test("shuffling keeps every item, and every order of three comes up alike", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer()), seed, (items, of) => {
      t.deepEqual([...shuffled(items, of)].sort(), [...items].sort());
    }),
  );
  const counts = new Map<string, number>();
  for (let of = 0; of < 6000; of += 1) {
    const order = shuffled([1, 2, 3], of).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  t.is(counts.size, 6);
  for (const count of counts.values()) t.true(Math.abs(count - 1000) < 150, `${count}`);
});

test("a derangement is a permutation in which nothing keeps its place", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), seed, (n, of) => {
      const to = derangement(n, of);
      t.deepEqual(
        [...to].sort((a, b) => a - b),
        Array.from({ length: n }, (_, index) => index),
      );
      t.true(to.every((target, index) => target !== index));
    }),
  );
});

test("the largest size that fits, as trying them one by one finds it", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 320 }), (most, limit) => {
      let looked = 0;
      const found = largestFit(most, (size) => {
        looked += 1;
        return size <= limit;
      });
      t.is(found, Math.min(most, limit));
      t.true(looked <= 20);
    }),
  );
});
