import test from "ava";
import fc from "fast-check";
import { seededRandom, shuffledIndices } from "../src/index.js";

/** xoshiro128** and splitmix32 in BigInt, straight from their definitions. */
function* slowXoshiro(seed: number, label: string): Generator<number> {
  const mask = 0xffffffffn;
  let hash = 0x811c9dc5n;
  for (const unit of Array.from({ length: label.length }, (_, i) => BigInt(label.charCodeAt(i))))
    hash = ((hash ^ unit) * 0x01000193n) & mask;
  const mix = (bits: bigint): bigint => {
    let z = bits;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & mask;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & mask;
    return z ^ (z >> 16n);
  };
  let fill = mix(mix(hash ^ (BigInt(seed) & mask)) ^ (BigInt(seed) >> 32n));
  const s = Array.from({ length: 4 }, () => {
    fill = (fill + 0x9e3779b9n) & mask;
    return mix(fill);
  }) as [bigint, bigint, bigint, bigint];
  const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  for (;;) {
    yield Number((rotate((s[1] * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

test("the stream is xoshiro128** over a splitmix32 state", (t) => {
  for (const seed of [12345, 2 ** 40 + 3]) {
    const slow = slowXoshiro(seed, "paired");
    const random = seededRandom(seed, "paired");
    for (let i = 0; i < 1000; i++) t.is(random.next(), slow.next().value as number);
  }
});

test("fill gives what next gives", (t) => {
  const values = new Uint32Array(100);
  seededRandom(3, "a").fill(values);
  const random = seededRandom(3, "a");
  t.deepEqual(
    [...values],
    Array.from({ length: 100 }, () => random.next()),
  );
});

test("another seed or label is another stream", (t) => {
  const first = (seed: number, label: string): number => seededRandom(seed, label).next();
  t.is(new Set([first(1, "a"), first(2, "a"), first(1, "b"), first(1 + 2 ** 32, "a"), first(-1, "a")]).size, 5);
  t.throws(() => seededRandom(0.5, "a"), { instanceOf: RangeError });
});

test("below is even over its range", (t) => {
  const random = seededRandom(9, "even");
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const value = random.below(10);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  t.is(counts.length, 10);
  // Chi-square with 9 degrees of freedom; 27.9 is its 99.9 % point.
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  t.true(chiSquare < 27.9, `${chiSquare}`);
});

test("a shuffle keeps every index", (t) => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer(), (n, seed) => {
      const shuffled = [...shuffledIndices(n, seededRandom(seed, "shuffle"))].sort((a, b) => a - b);
      t.deepEqual(
        shuffled,
        Array.from({ length: n }, (_, i) => i),
      );
    }),
    { numRuns: 50 },
  );
});
