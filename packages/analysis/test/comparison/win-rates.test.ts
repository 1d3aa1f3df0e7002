import test from "ava";
import fc from "fast-check";
import type { Outcome } from "../../src/comparison/pairwise-outcome.js";
import { type SampleOutcome, winRates } from "../../src/comparison/win-rates.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { wilsonInterval } from "../../src/statistics/wilson-interval.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "wins");
const outcomes = (list: readonly (Outcome | null)[]): SampleOutcome[] =>
  list.map((outcome, i) => ({ sampleId: `s${i}`, outcome }));

test("Wilson's interval is statsmodels'", (t) => {
  // statsmodels 0.15.0: proportion_confint(count, n, method="wilson").
  const cases = [
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [7, 10, 0.39677814746114537, 0.8922087325936989],
    [1, 1, 0.2065493143772374, 1],
    [413, 805, 0.4785354928891001, 0.547427567944377],
  ] as const;
  for (const [count, n, low, high] of cases) {
    const found = wilsonInterval(count, n);
    near(t, [found.value, found.low, found.high], [count / n, low, high]);
  }
  t.deepEqual(wilsonInterval(0, 0), { value: null, low: null, high: null });
});

test("counts, shares and the win rate with ties as halves", (t) => {
  const list: (Outcome | null)[] = [
    ...new Array<Outcome>(5).fill("win"),
    ...new Array<Outcome>(4).fill("tie"),
    ...new Array<Outcome>(1).fill("lose"),
    ...new Array<Outcome>(10).fill("inconsistent"),
    null,
    null,
  ];
  const found = winRates(outcomes(list), random(), { resamples: 20_000 });
  t.like(found, { wins: 5, ties: 4, losses: 1, inconsistent: 10, absent: 2, decided: 10, clusters: 20 });
  t.is(found.winRate.value, 0.7);
  t.deepEqual(found.winShare, wilsonInterval(5, 10));
  t.deepEqual(found.tieShare, wilsonInterval(4, 10));
  t.deepEqual(found.lossShare, wilsonInterval(1, 10));
  t.deepEqual(found.inconsistentShare, wilsonInterval(10, 20));
  // The points of the ten decided have standard deviation √0.11; their number is about half of the twenty drawn.
  const half = 1.96 * Math.sqrt(0.11 / 10);
  near(t, [found.winRate.low, found.winRate.high], [0.7 - half, 0.7 + half], 0.03);
});

test("several outcomes of one conversation widen the shares", (t) => {
  const turns = Array.from({ length: 200 }, (_, i) => ({
    sampleId: `t${i}`,
    cluster: `c${Math.floor(i / 10)}`,
    outcome: (Math.floor(i / 10) % 2 === 0 ? "win" : "lose") as Outcome,
  }));
  const found = winRates(turns, random());
  const wilson = wilsonInterval(100, 200);
  const width = (of: typeof wilson): number => (of.high ?? 0) - (of.low ?? 0);
  t.is(found.winShare.value, 0.5);
  const [first, ...others] = turns;
  const wavering = winRates(
    [...others, { ...(first ?? { sampleId: "", cluster: "" }), outcome: "inconsistent" }],
    random(),
  );
  t.is(wavering.inconsistentShare.value, 1 / 200);
  t.true(width(found.winShare) > 2.5 * width(wilson));
});

test("nothing decided has no rate", (t) => {
  const found = winRates(outcomes(["inconsistent", "inconsistent", null]), random());
  const none = { value: null, low: null, high: null };
  t.deepEqual([found.winRate, found.winShare, found.tieShare, found.lossShare], [none, none, none, none]);
  t.is(found.inconsistentShare.value, 1);
  t.is(winRates([], random()).inconsistentShare.value, null);
});

const anyOutcomes = fc.array(fc.constantFrom<(Outcome | null)[]>("win", "tie", "lose", "inconsistent", null), {
  minLength: 2,
  maxLength: 30,
});
const mirror = { win: "lose", lose: "win", tie: "tie", inconsistent: "inconsistent" } as const;

test("swapping the systems mirrors wins and losses; order changes nothing", (t) => {
  fc.assert(
    fc.property(anyOutcomes, fc.integer(), (list, seed) => {
      const options = { resamples: 100 };
      const found = winRates(outcomes(list), random(seed), options);
      const swapped = winRates(outcomes(list.map((of) => of && mirror[of])), random(seed), options);
      t.like(swapped, { wins: found.losses, losses: found.wins, ties: found.ties, inconsistent: found.inconsistent });
      t.deepEqual(swapped.winShare, found.lossShare);
      const { value, low, high } = found.winRate;
      if (value === null) t.is(swapped.winRate.value, null);
      else near(t, [swapped.winRate.value], [1 - value], 1e-12);
      if (low === null || high === null) t.is(swapped.winRate.low, null);
      else near(t, [swapped.winRate.low, swapped.winRate.high], [1 - high, 1 - low], 1e-12);
      t.deepEqual(winRates(outcomes(list).toReversed(), random(seed), options), found);
    }),
    { numRuns: 60 },
  );
});
