import test from "ava";
import fc from "fast-check";
import {
  type LengthControlledWinRate,
  type LengthPreference,
  lengthControlledWinRate,
} from "../../src/comparison/length-controlled-win-rate.js";
import { logisticRegression } from "../../src/comparison/logistic-regression.js";
import { quantile } from "../../src/statistics/quantile.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "lengths");

const lengths = [
  -36, -99, 30, 110, 196, 73, -6, -34, 150, 256, 93, -88, -55, 252, 84, -148, 50, -80, -16, 1, -26, 126, 52, -11, 109,
  160, -137, 29, -58, 39,
];
const difficulties = [
  -1.29, 0.02, -0.04, -0.3, -1.05, -0.4, -1.09, -1.36, 0.22, -1.11, 1.17, 0.72, -2, 0.27, -1.1, 0.03, 0.04, -1.99,
  -0.23, -0.26, 0.96, -1.18, 0.74, -1.1, -0.33, -0.84, 1.45, 0.57, 2.43, 0.64,
];
const wins = [0, 0, 1, 0.5, 1, 0, 0, 0, 0.5, 1, 1, 0, 0, 0.5, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0.5, 1, 1, 1];
const preferences: LengthPreference[] = wins.map((preference, i) => ({
  sampleId: `s${i}`,
  preference,
  lengthDifference: lengths[i] ?? 0,
}));
const withDifficulty = preferences.map((item, i) => ({ ...item, difficulty: difficulties[i] ?? 0 }));

function fitted(t: { fail(message: string): boolean }, found: LengthControlledWinRate) {
  if (found.status === "fitted") return found;
  t.fail(found.reason);
  throw new Error(found.reason);
}

test("equals statsmodels' regression at length difference 0", (t) => {
  // statsmodels 0.15.0: GLM binomial on a constant and tanh(Δ / pandas' std of Δ), then σ(constant).
  const found = fitted(t, lengthControlledWinRate(preferences, random(), { resamples: 200 }));
  near(t, [found.coefficients.model, found.coefficients.length], [-0.6917914287943416, 1.3191384806485529]);
  near(
    t,
    [found.winRate.value, found.rawWinRate, found.lengthDeviation],
    [0.3336346795490871, 0.4, 105.87133809433533],
  );
  t.is(found.coefficients.difficulty, null);
  t.true((found.winRate.low ?? 1) < 0.33 && (found.winRate.high ?? 0) > 0.34);
});

test("with difficulty: the mean over the samples", (t) => {
  const found = fitted(t, lengthControlledWinRate(withDifficulty, random(), { resamples: 20 }));
  const { model, length, difficulty } = found.coefficients;
  near(t, [model, length, difficulty], [-0.9142581940242529, 2.4760386341526295, 1.7057159350568107]);
  near(t, [found.winRate.value], [0.29516576867156463]);
  // A sample without one: the term is left out for all.
  const [first, ...others] = withDifficulty;
  const { difficulty: _, ...bare } = first ?? { sampleId: "s0", preference: 0, lengthDifference: 0, difficulty: 0 };
  near(
    t,
    [fitted(t, lengthControlledWinRate([bare, ...others], random(), { resamples: 20 })).winRate.value],
    [0.3336346795490871],
  );
});

test("the interval is that of regressions over drawn rows", (t) => {
  const found = fitted(t, lengthControlledWinRate(withDifficulty, random(), { resamples: 60 }));
  const ordered = withDifficulty.toSorted((a, b) => (a.sampleId < b.sampleId ? -1 : 1));
  const of = random();
  const drawn: number[] = [];
  for (let resample = 0; resample < 60; resample++) {
    const rows = ordered.map(
      () => ordered[of.below(ordered.length)] ?? { preference: 0, lengthDifference: 0, difficulty: 0 },
    );
    const fit = logisticRegression({
      design: Float64Array.from(
        rows.flatMap((row) => [1, Math.tanh(row.lengthDifference / found.lengthDeviation), row.difficulty]),
      ),
      terms: 3,
      outcomes: Float64Array.from(rows, ({ preference }) => preference ?? 0),
    });
    if (fit.status === "unfitted") continue;
    const [model = 0, , slope = 0] = fit.coefficients;
    drawn.push(rows.reduce((sum, row) => sum + 1 / (1 + Math.exp(-model - slope * row.difficulty)), 0) / rows.length);
  }
  drawn.sort((a, b) => a - b);
  near(t, [found.winRate.low, found.winRate.high], [quantile(drawn, 0.025), quantile(drawn, 0.975)]);
  t.is(found.unfittedResamples, 60 - drawn.length);
});

test("a system that wins by length alone has half of the wins at equal length", (t) => {
  const of = seededRandom(3, "verbose");
  const verbose = Array.from({ length: 3000 }, (_, i) => {
    const lengthDifference = of.below(401) - 100;
    const chance = 1 / (1 + Math.exp(-2 * Math.tanh(lengthDifference / 115)));
    return { sampleId: `s${i}`, lengthDifference, preference: of.below(1e6) < chance * 1e6 ? 1 : 0 };
  });
  const found = fitted(t, lengthControlledWinRate(verbose, random(), { resamples: 100 }));
  t.true(found.rawWinRate > 0.6);
  near(t, [found.winRate.value], [0.5], 0.04);
  t.true((found.winRate.low ?? 1) < 0.5 && (found.winRate.high ?? 0) > 0.5);
});

test("equal lengths leave the win rate as it is", (t) => {
  const found = fitted(
    t,
    lengthControlledWinRate(
      preferences.map((item) => ({ ...item, lengthDifference: 0 })),
      random(),
      { resamples: 20 },
    ),
  );
  near(t, [found.winRate.value], [0.4]);
  t.is(found.coefficients.length, null);
});

test("what cannot be fitted is a state with its reason and the raw win rate", (t) => {
  t.deepEqual(lengthControlledWinRate([{ sampleId: "s", preference: null, lengthDifference: 1 }], random()), {
    status: "unfitted",
    reason: "there are no preferences",
    rawWinRate: null,
    n: 0,
  });
  t.like(
    lengthControlledWinRate(
      preferences.map((item) => ({ ...item, preference: 1 })),
      random(),
    ),
    {
      status: "unfitted",
      rawWinRate: 1,
      n: 30,
    },
  );
  const byLength = preferences.map((item) => ({ ...item, preference: item.lengthDifference > 0 ? 1 : 0 }));
  const found = lengthControlledWinRate(byLength, random());
  t.regex(found.status === "unfitted" ? found.reason : "", /infinite/);
  t.is(lengthControlledWinRate(byLength, random(), { ridge: 0.1, resamples: 20 }).status, "fitted");
  // Always seven words longer: what equal lengths would bring was never seen.
  const longer = lengthControlledWinRate(
    preferences.map((item) => ({ ...item, lengthDifference: 7 })),
    random(),
  );
  t.regex(longer.status === "unfitted" ? longer.reason : "", /always longer by the same/);
  t.is(longer.rawWinRate, 0.4);
  for (const wrong of [{ preference: 1.5 }, { lengthDifference: Number.NaN }, { difficulty: Number.NaN }]) {
    t.throws(() => lengthControlledWinRate([{ ...(preferences[0] as LengthPreference), ...wrong }], random()), {
      instanceOf: RangeError,
    });
  }
});

test("swapping the systems gives the rest; order changes nothing", (t) => {
  let fits = 0;
  const samples = fc.array(
    fc.record({
      preference: fc.constantFrom(0, 0.5, 1),
      lengthDifference: fc.integer({ min: -300, max: 300 }),
      difficulty: fc.integer({ min: -3, max: 3 }),
    }),
    { minLength: 25, maxLength: 40 },
  );
  fc.assert(
    fc.property(samples, fc.integer(), (list, seed) => {
      const items = list.map((item, i) => ({ ...item, sampleId: `s${i}` }));
      const found = lengthControlledWinRate(items, random(seed), { resamples: 20 });
      t.deepEqual(lengthControlledWinRate(items.toReversed(), random(seed), { resamples: 20 }), found);
      const swapped = lengthControlledWinRate(
        items.map((item) => ({
          ...item,
          preference: 1 - item.preference,
          lengthDifference: -item.lengthDifference,
        })),
        random(seed),
        { resamples: 20 },
      );
      t.is(swapped.status, found.status);
      if (found.status === "unfitted" || swapped.status === "unfitted") return;
      fits++;
      near(t, [swapped.winRate.value], [1 - (found.winRate.value ?? Number.NaN)]);
      near(
        t,
        [swapped.winRate.low, swapped.winRate.high],
        [1 - (found.winRate.high ?? Number.NaN), 1 - (found.winRate.low ?? Number.NaN)],
      );
    }),
    { numRuns: 40 },
  );
  t.true(fits > 30);
});
