import test from "ava";
import { elo, expectedPoints } from "../../src/comparison/elo.js";
import type { Outcome, PairwiseOutcome } from "../../src/comparison/pairwise-outcome.js";
import { seededRandom } from "../../src/statistics/seeded-random.js";
import { near } from "./near.js";

const random = (seed = 1) => seededRandom(seed, "elo");
const game = (sampleId: string, system: string, opponent: string, outcome: Outcome | null): PairwiseOutcome => ({
  sampleId,
  system,
  opponent,
  outcome,
});

test("expected points", (t) => {
  // Elo 1978, §8: 400 points above are ten to one; FIDE handbook B.02, table 8.1b: 100 points above take 0.64.
  near(t, [expectedPoints(400), expectedPoints(0), expectedPoints(100)], [10 / 11, 0.5, 0.6400649998028851]);
});

test("one and two comparisons by hand", (t) => {
  const one = elo([game("s", "a", "b", "win")], random(), { k: 32 });
  t.deepEqual(
    one.ratings.map(({ system, rating, orderDeviation }) => [system, rating, orderDeviation]),
    [
      ["a", 1016, 0],
      ["b", 984, 0],
    ],
  );
  // A win, then a tie: the tie costs the leader 32 (½ − 1 / (1 + 10^(−32/400))). A tie first changes nothing: 1016.
  const two = [game("s", "a", "b", "win"), game("t", "b", "a", "tie")];
  const winFirst = 1016 + 32 * (0.5 - 1 / (1 + 10 ** (-32 / 400)));
  const seen = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const { ratings } = elo(two, random(seed), { k: 32, permutations: 1 });
    seen.add(Math.round((ratings[0]?.rating ?? 0) * 1e6) / 1e6);
    t.is(ratings[0]?.orderDeviation, null);
  }
  t.deepEqual(
    [...seen].sort((a, b) => a - b),
    [Math.round(winFirst * 1e6) / 1e6, 1016],
  );
  const averaged = elo(two, random(), { k: 32, permutations: 4000 });
  near(t, [averaged.ratings[0]?.rating], [(winFirst + 1016) / 2], 0.05);
  near(t, [averaged.ratings[0]?.orderDeviation], [(1016 - winFirst) / 2], 0.01);
});

test("points are only moved; what is not decided moves none; the order given does not matter", (t) => {
  const of = seededRandom(9, "tournament");
  const systems = ["a", "b", "c", "d"];
  const kinds: readonly (Outcome | null)[] = ["win", "tie", "lose", "inconsistent", null];
  const outcomes = Array.from({ length: 300 }, (_, i) => {
    const first = of.below(4);
    const second = (first + 1 + of.below(3)) % 4;
    return game(`s${i}`, systems[first] ?? "", systems[second] ?? "", kinds[of.below(5)] ?? null);
  });
  const found = elo(outcomes, random());
  t.like(found, { k: 4, start: 1000, permutations: 200 });
  near(t, [found.ratings.reduce((sum, { rating }) => sum + rating, 0)], [4000], 1e-9);
  const decided = outcomes.filter(({ outcome }) => outcome !== null && outcome !== "inconsistent");
  t.is(found.games, decided.length);
  t.deepEqual(elo(decided, random()), found);
  t.deepEqual(elo(outcomes.toReversed(), random()), found);
  t.deepEqual(elo([], random()).ratings, []);
});

test("options that make no sense are refused", (t) => {
  for (const options of [
    { k: 0 },
    { k: Number.NaN },
    { start: Number.NaN },
    { permutations: 0 },
    { permutations: 1.5 },
  ]) {
    t.throws(() => elo([], random(), options), { instanceOf: RangeError });
  }
});
