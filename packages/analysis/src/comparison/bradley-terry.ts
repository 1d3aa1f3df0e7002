import type { BootstrapOptions } from "../statistics/cluster-bootstrap.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { byName, clustersOf, inSampleOrder } from "./clustered.js";
import { fitBradleyTerry } from "./fit-bradley-terry.js";
import { byGame, type Game, gamesOf, type PairwiseOutcome } from "./pairwise-outcome.js";
import { separatedGroup } from "./separated-group.js";
import { weightBootstrap } from "./weight-bootstrap.js";

/** Elo points per unit of ln γ: at a difference of 400 the stronger is expected to win 10 of 11. */
export const eloPerLogStrength = 400 / Math.LN10;

/** A system's place among the others. */
interface SystemStrength {
  readonly system: string;
  /** Elo points. */
  readonly elo: Estimate;
  /** Decided comparisons. */
  readonly games: number;
  /** Wins + ties / 2. */
  readonly points: number;
}

export type BradleyTerry =
  | {
      readonly status: "fitted";
      /** Strongest first. */
      readonly systems: readonly SystemStrength[];
      readonly games: number;
      readonly clusters: number;
      /** Resamples without finite strengths, which the intervals leave out: where they are many, intervals are too narrow. */
      readonly unfittedResamples: number;
    }
  | {
      readonly status: "unfitted";
      /** Why there are no finite strengths; a sentence that names the systems. */
      readonly reason: string;
      readonly games: number;
    };

export interface BradleyTerryOptions extends BootstrapOptions {
  /** Mean rating of the systems, or the rating of `anchor`. Default 1000. */
  readonly base?: number;
  /** A system whose rating is `base` by definition; its interval has no width. Default: none, the mean is fixed. */
  readonly anchor?: string;
}

/**
 * Strengths of many systems from pairwise comparisons by the Bradley–Terry model (Bradley and Terry 1952), P(i beats j) =
 * 1 / (1 + 10^((eloⱼ − eloᵢ) / 400)), maximum likelihood with a tie as half a win to each (Hunter 2004; see `fitBradleyTerry`);
 * inconsistent and absent outcomes are left out. Intervals: 95 % percentile bootstrap over clusters (samples, with all comparisons made
 * on them), over the resamples that have a maximum.
 *
 * Where a system or a group won or lost nothing against the rest, or was never compared with it, strengths would be infinite: that is
 * a state with its reason.
 *
 * Assumes that one strength per system explains all pairs (no cycles beyond chance). The order of the comparisons, and who of two
 * is called the opponent, change nothing.
 *
 * @throws RangeError where a system is compared with itself, or the anchor is in no decided comparison
 */
export function bradleyTerry(
  outcomes: readonly PairwiseOutcome[],
  random: Random,
  options: BradleyTerryOptions = {},
): BradleyTerry {
  const games = inSampleOrder(gamesOf(outcomes), byGame);
  const names = [...new Set(games.flatMap(({ system, opponent }) => [system, opponent]))].sort(byName);
  const { base = 1000, anchor } = options;
  const anchorPlace = anchor === undefined ? -1 : names.indexOf(anchor);
  if (anchor !== undefined && anchorPlace === -1 && games.length > 0) {
    throw new RangeError(`the anchor ${anchor} is in no decided comparison`);
  }
  if (games.length === 0) return { status: "unfitted", reason: "no comparison was decided", games: 0 };

  const k = names.length;
  const clusters = clustersOf(games);
  const add = pointsAdder(games, names, clusters.of);
  const points = add(new Float64Array(clusters.count).fill(1));
  const reason = whySeparated(points, names);
  if (reason !== null) return { status: "unfitted", reason, games: games.length };
  const fitted = fitBradleyTerry(points, k);
  if (fitted === null) {
    return {
      status: "unfitted",
      reason: "the strengths did not come to rest: too few points link some systems",
      games: games.length,
    };
  }

  const toElo = (logs: Float64Array): Float64Array => {
    const zero = anchorPlace === -1 ? 0 : (logs[anchorPlace] as number);
    return logs.map((log) => base + eloPerLogStrength * (log - zero));
  };
  const undefinedFigures = new Float64Array(k).fill(Number.NaN);
  let unfittedResamples = 0;
  const figures = (weights: Float64Array): Float64Array => {
    const drawn = add(weights);
    const logs = separatedGroup(drawn, k) === null ? fitBradleyTerry(drawn, k, fitted) : null;
    if (logs !== null) return toElo(logs);
    unfittedResamples++;
    return undefinedFigures;
  };
  const elos = weightBootstrap(clusters.count, toElo(fitted), figures, random, options);
  const systems = names.map((system, i) => ({ system, elo: elos[i] ?? undefinedEstimate, ...playedBy(points, i, k) }));
  systems.sort((a, b) => (b.elo.value ?? 0) - (a.elo.value ?? 0) || byName(a.system, b.system));
  return { status: "fitted", systems, games: games.length, clusters: clusters.count, unfittedResamples };
}

/** Adds up the points [systems, systems] of games whose cluster counts so many times. */
function pointsAdder(
  games: readonly Game[],
  names: readonly string[],
  cluster: Int32Array,
): (weights: Float64Array) => Float64Array {
  const k = names.length;
  const place = new Map(names.map((name, i) => [name, i]));
  const won = new Int32Array(games.length);
  const lost = new Int32Array(games.length);
  const points = Float64Array.from(games, (game) => game.points);
  for (const [g, { system, opponent }] of games.entries()) {
    const i = place.get(system) as number;
    const j = place.get(opponent) as number;
    won[g] = i * k + j;
    lost[g] = j * k + i;
  }
  return (weights) => {
    const sums = new Float64Array(k * k);
    for (let g = 0; g < points.length; g++) {
      const weight = weights[cluster[g] as number] as number;
      const ofFirst = weight * (points[g] as number);
      sums[won[g] as number] = (sums[won[g] as number] as number) + ofFirst;
      sums[lost[g] as number] = (sums[lost[g] as number] as number) + weight - ofFirst;
    }
    return sums;
  };
}

function playedBy(points: Float64Array, i: number, k: number): Pick<SystemStrength, "games" | "points"> {
  let won = 0;
  let lost = 0;
  for (let j = 0; j < k; j++) {
    won += points[i * k + j] as number;
    lost += points[j * k + i] as number;
  }
  return { games: won + lost, points: won };
}

function whySeparated(points: Float64Array, names: readonly string[]): string | null {
  const group = separatedGroup(points, names.length);
  if (group === null) return null;
  const members = group.systems.map((i) => names[i]).join(", ");
  const others = names.filter((_, i) => !group.systems.includes(i)).join(", ");
  if (group.because === "not-compared")
    return `nothing links ${members} with ${others}: no comparison between them was decided`;
  return group.because === "never-won"
    ? `${members} took no point from ${others}: the strengths would be infinitely far apart`
    : `${members} gave no point to ${others}: the strengths would be infinitely far apart`;
}
