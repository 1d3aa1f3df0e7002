import test from "ava";
import fc from "fast-check";
import { type BradleyTerry, bradleyTerry, eloPerLogStrength } from "../../src/comparison/bradley-terry.js";
import { fitBradleyTerry } from "../../src/comparison/fit-bradley-terry.js";
import type { Outcome, PairwiseOutcome } from "../../src/comparison/pairwise-outcome.js";
import { separatedGroup } from "../../src/comparison/separated-group.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "bt");

/** [i, j, points of i, points of j] as a matrix. */
function matrix(k: number, games: readonly (readonly [number, number, number, number])[]): Float64Array {
  const points = new Float64Array(k * k);
  for (const [i, j, ofI, ofJ] of games) {
    points[i * k + j] = ofI;
    points[j * k + i] = ofJ;
  }
  return points;
}

/** So many wins, ties and losses of a against b, each on a sample of its own. */
function games(a: string, b: string, wins: number, ties: number, losses: number): PairwiseOutcome[] {
  const of = (outcome: Outcome, n: number) =>
    Array.from({ length: n }, (_, i) => ({ sampleId: `${a}${b}${outcome}${i}`, system: a, opponent: b, outcome }));
  return [...of("win", wins), ...of("tie", ties), ...of("lose", losses)];
}

function elos(found: BradleyTerry): Record<string, number | null> {
  return found.status === "fitted"
    ? Object.fromEntries(found.systems.map(({ system, elo }) => [system, elo.value]))
    : {};
}

test("citations among statistics journals", (t) => {
  // Counts of Stigler 1994 as in Agresti, Categorical Data Analysis (2002), §10.6, who prints −2.949, −0.480, 0.269 for Communications
  // in Statistics, JASA and JRSS-B against Biometrika. To more places: statsmodels 0.15.0, GLM binomial on differences of dummies.
  const points = matrix(4, [
    [0, 1, 730, 33],
    [0, 2, 498, 320],
    [0, 3, 221, 284],
    [1, 2, 68, 813],
    [1, 3, 17, 276],
    [2, 3, 142, 325],
  ]);
  const logs = fitBradleyTerry(points, 4) ?? [];
  near(
    t,
    Array.from(logs, (log) => log - (logs[0] ?? 0)),
    [0, -2.9490724968439093, -0.4795697697519928, 0.26895405581947174],
  );
});

test("ties as half wins, not every pair met, on the Elo scale", (t) => {
  // statsmodels 0.15.0: GLM binomial with shares of points and numbers of games as frequency weights; 1000 + 400 / ln 10 · (b − mean).
  const outcomes = [
    ...games("a", "b", 11, 3, 6),
    ...games("c", "a", 4, 2, 14),
    ...games("a", "d", 18, 1, 1),
    ...games("b", "c", 10, 2, 8),
    ...games("b", "d", 8, 2, 0),
    ...games("e", "c", 1, 2, 2),
    ...games("d", "e", 4, 1, 5),
  ];
  const found = bradleyTerry(outcomes, random(), { resamples: 200 });
  const elo = elos(found);
  near(
    t,
    ["a", "b", "c", "d", "e"].map((system) => elo[system]),
    [1207.9662844555633, 1100.524639142669, 1032.38811621005, 790.7240774559978, 868.39688273572],
  );
  if (found.status !== "fitted") return t.fail(found.reason);
  t.deepEqual(
    found.systems.map(({ system }) => system),
    ["a", "b", "c", "e", "d"],
  );
  t.deepEqual(
    found.systems.map(({ points }) => points),
    [46, 27.5, 17, 7.5, 7],
  );
  t.is(
    found.systems.reduce((sum, { games: played }) => sum + played, 0),
    2 * found.games,
  );
  for (const { elo: of } of found.systems)
    t.true((of.low ?? 1e9) < (of.value ?? 0) && (of.high ?? 0) > (of.value ?? 1e9));
});

test("blocks that few games link come to rest", (t) => {
  // a–b and c–d met 10 000 times, the blocks 4: by symmetry within a block, the ratio of the blocks is 3.
  const points = matrix(4, [
    [0, 1, 5000, 5000],
    [2, 3, 5000, 5000],
    [0, 2, 3, 1],
  ]);
  near(
    t,
    fitBradleyTerry(points, 4) ?? [],
    [0.5, 0.5, -0.5, -0.5].map((sign) => sign * Math.log(3)),
  );
  // From far off a whole Newton step overshoots, and ever farther.
  near(
    t,
    fitBradleyTerry(points, 4, Float64Array.of(-5, -5, 5, 5)) ?? [],
    [0.5, 0.5, -0.5, -0.5].map((sign) => sign * Math.log(3)),
  );
  const steep = matrix(3, [
    [0, 1, 1e6, 1],
    [1, 2, 1e6, 1],
  ]);
  near(t, fitBradleyTerry(steep, 3) ?? [], [6 * Math.LN10, 0, -6 * Math.LN10]);
});

test("two systems: the log odds, its analytic interval, an anchor", (t) => {
  const outcomes = games("a", "b", 60, 0, 40);
  const found = bradleyTerry(outcomes, random(), { anchor: "b", base: 1200, resamples: 4000 });
  if (found.status !== "fitted") return t.fail(found.reason);
  const [a, b] = found.systems;
  near(t, [a?.elo.value], [1200 + eloPerLogStrength * Math.log(1.5)]);
  t.deepEqual(b?.elo, { value: 1200, low: 1200, high: 1200 });
  const half = 1.96 * eloPerLogStrength * Math.sqrt(1 / 60 + 1 / 40);
  near(t, [(a?.elo.high ?? 0) - (a?.elo.low ?? 0)], [2 * half], 0.06 * 2 * half);
  t.throws(() => bradleyTerry(outcomes, random(), { anchor: "z" }), { instanceOf: RangeError, message: /anchor z/ });
});

test("comparisons on one sample are drawn together", (t) => {
  const independent = games("a", "b", 60, 0, 40);
  const repeated = [0, 1, 2, 3].flatMap(() => independent);
  const width = (outcomes: readonly PairwiseOutcome[]): number => {
    const found = bradleyTerry(outcomes, random(), { resamples: 1000 });
    const elo = found.status === "fitted" ? found.systems[0]?.elo : undefined;
    return (elo?.high ?? Number.NaN) - (elo?.low ?? Number.NaN);
  };
  // The same hundred samples four times over know no more than once.
  near(t, [width(repeated)], [width(independent)], 1e-6);
});

test("resamples without strengths are left out and counted", (t) => {
  // One tie in six: (5/6)^6 ≈ 33 % of the resamples miss it, and a won all others.
  const found = bradleyTerry(games("a", "b", 5, 1, 0), random(), { resamples: 2000 });
  if (found.status !== "fitted") return t.fail(found.reason);
  near(t, [found.unfittedResamples / 2000], [(5 / 6) ** 6], 0.035);
  t.true(found.systems.every(({ elo }) => elo.low !== null && elo.high !== null));
  // One in three ties, of which most resamples hold none.
  const rare = bradleyTerry(
    [...games("a", "b", 1, 1, 0), ...games("b", "c", 1, 1, 0), ...games("c", "d", 1, 1, 0)],
    random(),
    { resamples: 500 },
  );
  if (rare.status !== "fitted") return t.fail(rare.reason);
  t.true(rare.unfittedResamples > 250);
  t.true(rare.systems.every(({ elo }) => elo.value !== null && elo.low === null && elo.high === null));
});

test("what cannot be ranked is a state with its reason", (t) => {
  const reason = (outcomes: readonly PairwiseOutcome[]): string => {
    const found = bradleyTerry(outcomes, random(), { resamples: 50 });
    return found.status === "unfitted" ? found.reason : "fitted";
  };
  t.is(reason([]), "no comparison was decided");
  t.is(reason([{ sampleId: "s", system: "a", opponent: "b", outcome: "inconsistent" }]), "no comparison was decided");
  t.regex(reason(games("a", "b", 5, 0, 0)), /^b took no point from a:/);
  t.is(reason(games("a", "b", 5, 1, 0)), "fitted");
  t.regex(reason([...games("a", "b", 2, 0, 2), ...games("c", "d", 1, 1, 1)]), /^nothing links a, b with c, d:/);
  t.regex(reason([...games("a", "b", 2, 0, 2), ...games("c", "a", 3, 0, 0)]), /^c gave no point to a, b:/);
  t.regex(
    reason([...games("a", "b", 1, 0, 1), ...games("c", "d", 1, 0, 1), ...games("a", "c", 4, 0, 0)]),
    /^c, d took no point from a, b:/,
  );
  t.throws(() => bradleyTerry(games("a", "a", 1, 0, 0), random()), { instanceOf: RangeError });
});

test("a maximum exists exactly where every split has points both ways", (t) => {
  const slow = (points: Float64Array, k: number): boolean => {
    for (let part = 1; part < 2 ** k - 1; part++) {
      const inside = (i: number): boolean => ((part >>> i) & 1) === 1;
      let won = false;
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) if (inside(i) && !inside(j) && (points[i * k + j] ?? 0) > 0) won = true;
      }
      if (!won) return false;
    }
    return true;
  };
  const graphs = fc
    .integer({ min: 2, max: 5 })
    .chain((k) => fc.tuple(fc.constant(k), fc.array(fc.constantFrom(0, 0, 1), { minLength: k * k, maxLength: k * k })));
  fc.assert(
    fc.property(graphs, ([k, cells]) => {
      const points = Float64Array.from(cells, (cell, at) => (Math.floor(at / k) === at % k ? 0 : cell));
      const group = separatedGroup(points, k);
      t.is(group === null, slow(points, k));
      if (group !== null) t.true(group.systems.length > 0 && group.systems.length < k);
    }),
    { numRuns: 200 },
  );
});

const tournaments = fc.array(
  fc
    .record({
      sampleId: fc.integer({ min: 0, max: 8 }).map(String),
      pair: fc.constantFrom(["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"], ["c", "d"]),
      outcome: fc.constantFrom<Outcome[]>("win", "tie", "lose", "inconsistent"),
    })
    .map(({ sampleId, pair: [system = "", opponent = ""], outcome }) => ({ sampleId, system, opponent, outcome })),
  { minLength: 12, maxLength: 60 },
);
const flip = { win: "lose", lose: "win", tie: "tie", inconsistent: "inconsistent" } as const;

test("order and who is called the opponent change nothing; new names only rename", (t) => {
  let fits = 0;
  fc.assert(
    fc.property(tournaments, (outcomes) => {
      const found = bradleyTerry(outcomes, random(), { resamples: 20 });
      const turned = outcomes.map(({ sampleId, system, opponent, outcome }, i) =>
        i % 2 === 0
          ? { sampleId, system, opponent, outcome }
          : { sampleId, system: opponent, opponent: system, outcome: flip[outcome] },
      );
      t.deepEqual(bradleyTerry(turned.toReversed(), random(), { resamples: 20 }), found);
      const names: Record<string, string> = { a: "z", b: "m", c: "k", d: "y" };
      const rename = (name: string): string => names[name] ?? name;
      const renamed = elos(
        bradleyTerry(
          outcomes.map((of) => ({ ...of, system: rename(of.system), opponent: rename(of.opponent) })),
          random(),
          { resamples: 20 },
        ),
      );
      const elo = elos(found);
      near(
        t,
        Object.keys(elo).map((name) => renamed[rename(name)]),
        Object.values(elo).map((value) => value ?? Number.NaN),
        1e-5,
      );
      if (found.status === "fitted") {
        fits++;
        near(
          t,
          [Object.values(elo).reduce<number>((sum, value) => sum + (value ?? 0), 0) / found.systems.length],
          [1000],
        );
      }
    }),
    { numRuns: 60 },
  );
  t.true(fits > 20, `only ${fits} tournaments had strengths`);
});
