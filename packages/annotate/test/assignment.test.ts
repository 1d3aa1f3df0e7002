import test from "ava";
import fc from "fast-check";
import { assignment, drawOf, type RateableSample } from "../src/assignment.js";

const samplesOf = (count: number, systems: readonly string[]): RateableSample[] =>
  Array.from({ length: count }, (_, index) => ({ id: `s${index}`, conversation: `s${index}`, systems }));
const shape = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  systems: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 }),
  seed: fc.integer(),
  rater: fc.string({ minLength: 1, maxLength: 8 }),
});

test("pairs: every pair of every sample once, each system left in half of them, the same for the same seed and rater", (t) => {
  fc.assert(
    fc.property(shape, ({ count, systems, seed, rater }) => {
      const items = assignment("pairwise", samplesOf(count, systems), drawOf(seed, rater));
      t.deepEqual(items, assignment("pairwise", samplesOf(count, systems), drawOf(seed, rater)));
      t.is(items.length, (count * systems.length * (systems.length - 1)) / 2);
      const left = new Map<string, number>();
      const seen = new Set<string>();
      for (const { sampleId, systems: shown } of items) {
        const pair = JSON.stringify([...shown].sort());
        seen.add(JSON.stringify([sampleId, pair]));
        left.set(pair, (left.get(pair) ?? 0) + (shown[0] === [...shown].sort()[0] ? 1 : -1));
      }
      t.is(seen.size, items.length);
      for (const surplus of left.values()) t.true(Math.abs(surplus) <= 1);
    }),
    { numRuns: 60 },
  );
});

test("single answers: every answer once, samples together, each system at each place equally often", (t) => {
  fc.assert(
    fc.property(shape, ({ count, systems, seed, rater }) => {
      const items = assignment("rubric", samplesOf(count, systems), drawOf(seed, rater));
      t.is(items.length, count * systems.length);
      const at = new Map<string, number>();
      for (let sample = 0; sample < count; sample += 1) {
        const own = items.slice(sample * systems.length, (sample + 1) * systems.length);
        t.is(new Set(own.map(({ sampleId }) => sampleId)).size, 1);
        t.deepEqual(own.map(({ systems: [system] }) => system).sort(), [...systems].sort());
        for (const [
          place,
          {
            systems: [system],
          },
        ] of own.entries()) {
          const name = JSON.stringify([system, place]);
          at.set(name, (at.get(name) ?? 0) + 1);
        }
      }
      const least = Math.floor(count / systems.length);
      for (const times of at.values()) t.true(times >= least && times <= least + 1);
    }),
    { numRuns: 60 },
  );
});

test("raters and seeds have orders of their own, and sides without a pattern", (t) => {
  const samples = samplesOf(40, ["x", "y"]);
  const orders = [
    [1, "ada"],
    [1, "bob"],
    [2, "ada"],
  ].map(([seed, rater]) => assignment("pairwise", samples, drawOf(Number(seed), String(rater))));
  t.is(new Set(orders.map((items) => items.map(({ sampleId }) => sampleId).join())).size, 3);
  const sides = (orders[0] ?? []).map(({ systems: [left] }) => left).join("");
  t.notRegex(sides, /^(xy)+$|^(yx)+$|x{12}|y{12}/);
});

test("the turns of a chat stay in their order and together; a sample that one system answered is no pair", (t) => {
  const samples: RateableSample[] = [
    { id: "a1", conversation: "a1", systems: ["x", "y"] },
    { id: "b1", conversation: "b1", systems: ["x"] },
    { id: "a2", conversation: "a1", systems: ["x", "y"] },
    { id: "c1", conversation: "c1", systems: ["y", "x"] },
  ];
  for (let seed = 0; seed < 20; seed += 1) {
    const ids = assignment("pairwise", samples, drawOf(seed, "ada")).map(({ sampleId }) => sampleId);
    t.is(ids.length, 3);
    t.is(ids.indexOf("a2"), ids.indexOf("a1") + 1);
  }
});
