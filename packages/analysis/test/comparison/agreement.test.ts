import test from "ava";
import fc from "fast-check";
import { agreement, rawAgreement } from "../../src/comparison/agreement.js";
import { cohenKappa } from "../../src/comparison/cohen-kappa.js";
import { krippendorffAlpha, type MeasurementLevel } from "../../src/comparison/krippendorff-alpha.js";
import type { RatedUnit, Rating } from "../../src/comparison/rated-unit.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "agreement");
const quick = { resamples: 20 };
const levels: readonly MeasurementLevel[] = ["nominal", "ordinal", "interval"];

/** Units from one list of ratings for each rater; `.` in a row of digits is missing. */
function unitsOf(raters: readonly (string | readonly (Rating | null)[])[]): RatedUnit[] {
  const rows = raters.map((row) =>
    typeof row === "string" ? Array.from(row, (digit) => (digit === "." ? null : Number(digit))) : row,
  );
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, unit) => ({
    sampleId: `u${String(unit).padStart(3, "0")}`,
    ratings: rows.map((row) => row[unit] ?? null),
  }));
}

const alphas = (units: readonly RatedUnit[]) =>
  levels.map((level) => krippendorffAlpha(units, level, random(), quick).value);

// Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: 4 observers, 12 units.
const krippendorff2011 = unitsOf(["123321412...", "1233224125.3", ".3332342251.", "12332441251."]);

test("Krippendorff's worked example", (t) => {
  // Printed there: nominal 0.743, ordinal 0.815, interval 0.849. To more places: nltk 3.10.3, AnnotationTask.alpha with the level's
  // distance over units of two ratings or more.
  near(t, alphas(krippendorff2011), [0.743, 0.815, 0.849], 5e-4);
  near(t, alphas(krippendorff2011), [0.743421052631579, 0.8153875037548813, 0.8491071428571428]);
  t.like(krippendorffAlpha(krippendorff2011, "nominal", random(), quick), { units: 11, ratings: 40 });
});

test("three raters with many gaps", (t) => {
  // Reliability data in the documentation of the Python package krippendorff, which prints nominal 0.691358 and interval 0.810845;
  // nltk 3.10.3 agrees, and gives the ordinal one.
  const units = unitsOf([".....34121133.3", "1.213343.......", "..21344.21133.4"]);
  near(t, alphas(units), [0.691358024691358, 0.8067214199413152, 0.8108448928121059]);
});

test("25 units of simulated scores", (t) => {
  // nltk 3.10.3 as above.
  const units = unitsOf(["5222245221334331341143.43", "512.155212.25.3.45112.423", "52112452111453224.1121.4."]);
  near(t, alphas(units), [0.32367149758454106, 0.714115066166584, 0.7625658209669699]);
});

/** Krippendorff's own way: a matrix of coincidences, and ordinal distances by their sum. */
function slowAlpha(units: readonly RatedUnit[], level: MeasurementLevel): number {
  const pairable = units
    .map(({ ratings }) => ratings.filter((r) => r !== null) as number[])
    .filter((r) => r.length > 1);
  const domain = [...new Set(pairable.flat())].sort((a, b) => a - b);
  const coincidences = domain.map(() => domain.map(() => 0));
  for (const ratings of pairable) {
    for (const [i, a] of ratings.entries()) {
      for (const [j, b] of ratings.entries()) {
        const row = coincidences[domain.indexOf(a)];
        const column = domain.indexOf(b);
        if (i !== j && row !== undefined) row[column] = (row[column] ?? 0) + 1 / (ratings.length - 1);
      }
    }
  }
  const margins = coincidences.map((row) => row.reduce((sum, cell) => sum + cell, 0));
  const n = margins.reduce((sum, margin) => sum + margin, 0);
  const distance = (c: number, k: number): number => {
    if (level === "nominal") return c === k ? 0 : 1;
    if (level === "interval") return ((domain[c] ?? 0) - (domain[k] ?? 0)) ** 2;
    const between = margins.slice(Math.min(c, k), Math.max(c, k) + 1).reduce((sum, margin) => sum + margin, 0);
    return (between - ((margins[c] ?? 0) + (margins[k] ?? 0)) / 2) ** 2;
  };
  let observed = 0;
  let expected = 0;
  for (const [c, row] of coincidences.entries()) {
    for (const [k, cell] of row.entries()) {
      observed += cell * distance(c, k);
      expected += (margins[c] ?? 0) * (margins[k] ?? 0) * distance(c, k);
    }
  }
  return 1 - ((n - 1) * observed) / expected;
}

const ratings = fc.array(fc.array(fc.option(fc.integer({ min: 1, max: 6 })), { minLength: 3, maxLength: 3 }), {
  minLength: 2,
  maxLength: 20,
});

test("alpha equals that of the coincidence matrix, whatever the order of units and raters", (t) => {
  fc.assert(
    fc.property(ratings, fc.constantFrom(...levels), (table, level) => {
      const units = table.map((of, i) => ({ sampleId: `u${i}`, ratings: of }));
      const found = krippendorffAlpha(units, level, random(), quick);
      const slow = slowAlpha(units, level);
      if (found.value === null) t.true(Number.isNaN(slow));
      else near(t, [found.value], [slow], 1e-9);
      t.deepEqual(krippendorffAlpha(units.toReversed(), level, random(), quick), found);
      const turned = units.map(({ sampleId, ratings: of }) => ({ sampleId, ratings: of.toReversed() }));
      const other = krippendorffAlpha(turned, level, random(), quick).value;
      if (found.value === null) t.is(other, null);
      else near(t, [other], [found.value], 1e-12);
    }),
    { numRuns: 150 },
  );
});

test("full agreement is 1, no variation is no alpha", (t) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 2 }),
      fc.constantFrom(...levels),
      (values, level) => {
        const units = values.map((value, i) => ({ sampleId: `u${i}`, ratings: [value, value, null, value] }));
        near(t, [krippendorffAlpha(units, level, random(), quick).value], [1], 0);
        const same = values.map((_, i) => ({ sampleId: `u${i}`, ratings: [4.1, 4.1, 4.1] }));
        t.is(krippendorffAlpha(same, level, random(), quick).value, null);
      },
    ),
  );
  for (let n = 1; n < 200; n++) {
    const units = Array.from({ length: n }, (_, i) => ({ sampleId: `u${i}`, ratings: [n / 7, n / 7] }));
    t.is(krippendorffAlpha(units, "interval", random(), { resamples: 2 }).value, null);
  }
  t.like(krippendorffAlpha([{ sampleId: "u", ratings: [1, null] }], "nominal", random()), { value: null, units: 0 });
  t.throws(() => krippendorffAlpha([{ sampleId: "u", ratings: ["a", "b"] }], "ordinal", random()), {
    instanceOf: RangeError,
    message: /"a"/,
  });
});

const first = "1233254125443152";
const second = "1234244225541153";

test("kappa is scikit-learn's", (t) => {
  // scikit-learn 1.9.1: cohen_kappa_score(first, second, weights=…).
  const weights = ["none", "linear", "quadratic"] as const;
  const kappas = (units: readonly RatedUnit[], scale?: readonly number[]) =>
    weights.map((of) => cohenKappa(units, random(), { ...quick, weights: of, ...(scale ? { scale } : {}) }).value);
  near(t, kappas(unitsOf([first, second])), [0.5294117647058824, 0.7241379310344828, 0.8571428571428572]);
  // Nobody said 3 or 4: the scale decides how far 2 is from 5 (labels=[1, 2, 3, 4, 5]).
  const gap = unitsOf(["11255215", "12252211"]);
  near(t, kappas(gap), [0.4545454545454546, 0.4285714285714286, 0.4]);
  near(t, kappas(gap, [1, 2, 3, 4, 5]), [0.4545454545454546, 0.40740740740740744, 0.38095238095238093]);
  const words = unitsOf([
    ["a", "b", "tie", "a", "a", "b", null],
    ["a", "a", "tie", "a", "b", "b", "a"],
  ]);
  const found = cohenKappa(words, random(), quick);
  near(t, [found.value], [0.4545454545454545]);
  t.is(found.n, 6);
});

test("kappa's interval comes near the asymptotic one", (t) => {
  // Cohen 1960's table logic with Fleiss, Cohen and Everitt 1969: for 2 × 2 with even margins and 80 % agreement, kappa = 0.6 and its
  // standard error √(p (1 − p) / n) / (1 − ½).
  const cells = [
    ...new Array(160).fill([1, 1]),
    ...new Array(40).fill([1, 2]),
    ...new Array(40).fill([2, 1]),
    ...new Array(160).fill([2, 2]),
  ];
  const found = cohenKappa(
    cells.map((of, i) => ({ sampleId: `u${i}`, ratings: of })),
    random(),
  );
  const half = (1.96 * Math.sqrt((0.8 * 0.2) / 400)) / 0.5;
  near(t, [found.value], [0.6]);
  near(t, [found.low, found.high], [0.6 - half, 0.6 + half], 0.01);
});

test("kappa refuses what it cannot know", (t) => {
  t.throws(() => cohenKappa(unitsOf(["12", "12", "12"]), random()), { instanceOf: RangeError, message: /two raters/ });
  t.throws(() => cohenKappa(unitsOf(["12", "13"]), random(), { scale: [1, 2] }), { message: /scale/ });
  t.throws(() => cohenKappa(unitsOf([["a"], ["b"]]), random(), { weights: "linear" }), { message: /scale/ });
  t.is(cohenKappa(unitsOf(["44", "44"]), random(), quick).value, null);
  t.is(cohenKappa([], random()).value, null);
});

test("raw agreement, alpha and kappa together", (t) => {
  const two = agreement(unitsOf([first, second]), random(), { ...quick, level: "ordinal" });
  near(t, [two.raw.value, two.kappa?.value], [10 / 16, 0.8571428571428572]);
  t.is(two.units, 16);
  const more = agreement(krippendorff2011, random(), { ...quick, level: "nominal" });
  t.is(more.kappa, null);
  // Equal pairs of each unit, counted by hand; the twelfth has one rating.
  const shares = [1, 3 / 6, 1, 1, 1, 0, 1, 3 / 6, 1, 1, 1];
  near(t, [more.raw.value], [shares.reduce((sum, share) => sum + share, 0) / 11]);
  near(t, [more.alpha.value], [0.743421052631579]);
});

test("kappa and raw agreement do not depend on which rater is first, nor on the order of units", (t) => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), {
    minLength: 2,
    maxLength: 20,
  });
  fc.assert(
    fc.property(pairs, (list) => {
      const units = list.map((of, i) => ({ sampleId: `u${i}`, ratings: of }));
      const swapped = units.map(({ sampleId, ratings: of }) => ({ sampleId, ratings: of.toReversed() }));
      const found = cohenKappa(units, random(), { ...quick, weights: "quadratic" });
      const other = cohenKappa(swapped, random(), { ...quick, weights: "quadratic" });
      if (found.value === null) t.is(other.value, null);
      else near(t, [other.value], [found.value], 1e-12);
      t.deepEqual(cohenKappa(units.toReversed(), random(), { ...quick, weights: "quadratic" }), found);
      t.deepEqual(rawAgreement(swapped.toReversed(), random(), quick), rawAgreement(units, random(), quick));
      if (list.every(([a, b]) => a === b) && new Set(list.flat()).size > 1) t.is(found.value, 1);
    }),
  );
});
