import type { Random } from "../statistics/seeded-random.js";
import { byName, inSampleOrder } from "./clustered.js";
import { byGame, gamesOf, type PairwiseOutcome } from "./pairwise-outcome.js";

export interface EloOptions {
  /** Most points that one comparison can move. Default 4: a hundred comparisons are few. */
  readonly k?: number;
  /** Rating before the first comparison. Default 1000. */
  readonly start?: number;
  /** Orders of the comparisons to average over. Default 200. */
  readonly permutations?: number;
}

interface EloRating {
  readonly system: string;
  /** Mean over the orders, Elo points. */
  readonly rating: number;
  /** Standard deviation over the orders (n − 1), Elo points; null for one order. No sampling error: see `bradleyTerry` for that. */
  readonly orderDeviation: number | null;
  readonly games: number;
}

/** Sequential Elo and what it was computed with. */
export interface Elo {
  readonly k: number;
  readonly start: number;
  readonly permutations: number;
  readonly games: number;
  /** Highest first. */
  readonly ratings: readonly EloRating[];
}

/** Points out of 1 that a system rated `difference` Elo points above its opponent is expected to take: 1 / (1 + 10^(−d / 400)). */
export function expectedPoints(difference: number): number {
  return 1 / (1 + Math.exp((-Math.LN10 / 400) * difference));
}

/**
 * Sequential Elo ratings (Elo 1978): after each comparison the system's rating changes by K · (points − expected points) and the
 * opponent's by the opposite; a win is 1 point, a tie ½. The result depends on the order of the comparisons, which here means
 * nothing, so it is averaged over random orders drawn from `random`. Inconsistent and absent outcomes are left out.
 *
 * Unlike Bradley–Terry it is finite for a system that never lost, but then says only how long that went on: with few comparisons and
 * small K ratings stay near the start.
 *
 * @throws RangeError where a system is compared with itself, or K, start or permutations make no sense
 */
export function elo(outcomes: readonly PairwiseOutcome[], random: Random, options: EloOptions = {}): Elo {
  const { k = 4, start = 1000, permutations = 200 } = options;
  if (!(k > 0 && Number.isFinite(k))) throw new RangeError(`K is a positive number, not ${k}`);
  if (!Number.isFinite(start)) throw new RangeError(`a rating is a finite number, not ${start}`);
  if (!(Number.isInteger(permutations) && permutations > 0)) {
    throw new RangeError(`permutations are a positive whole number, not ${permutations}`);
  }
  const games = inSampleOrder(gamesOf(outcomes), byGame);
  const names = [...new Set(games.flatMap(({ system, opponent }) => [system, opponent]))].sort(byName);
  const place = new Map(names.map((name, i) => [name, i]));
  const systems = Int32Array.from(games, ({ system }) => place.get(system) as number);
  const opponents = Int32Array.from(games, ({ opponent }) => place.get(opponent) as number);
  const points = Float64Array.from(games, (game) => game.points);
  const order = Int32Array.from(games.keys());
  const draws = new Uint32Array(games.length);
  const reached = Array.from({ length: permutations }, () => {
    shuffle(order, draws, random);
    const ratings = new Float64Array(names.length).fill(start);
    for (const game of order) {
      const i = systems[game] as number;
      const j = opponents[game] as number;
      const expected = expectedPoints((ratings[i] as number) - (ratings[j] as number));
      const moved = k * ((points[game] as number) - expected);
      ratings[i] = (ratings[i] as number) + moved;
      ratings[j] = (ratings[j] as number) - moved;
    }
    return ratings;
  });
  const ratings = names.map((system, at) => ({
    system,
    ...meanAndDeviation(reached.map((of) => of[at] as number)),
    games: games.filter(({ system: a, opponent: b }) => a === system || b === system).length,
  }));
  ratings.sort((a, b) => b.rating - a.rating || byName(a.system, b.system));
  return { k, start, permutations, games: games.length, ratings };
}

/** Fisher–Yates, all its draws at once. */
function shuffle(order: Int32Array, draws: Uint32Array, random: Random): void {
  random.fill(draws);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(((draws[i] as number) / 4294967296) * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
}

function meanAndDeviation(values: readonly number[]): Pick<EloRating, "rating" | "orderDeviation"> {
  const rating = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { rating, orderDeviation: null };
  const squares = values.reduce((sum, value) => sum + (value - rating) ** 2, 0);
  return { rating, orderDeviation: Math.sqrt(squares / (values.length - 1)) };
}
