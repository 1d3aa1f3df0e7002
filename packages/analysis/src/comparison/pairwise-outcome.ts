import { byName, type Clustered } from "./clustered.js";

/** How a system fared against its opponent; `inconsistent` where the judge changed its mind with the order of the answers. */
export type Outcome = "win" | "tie" | "lose" | "inconsistent";

/** One sample on which a judge compared two systems' answers. */
export interface PairwiseOutcome extends Clustered {
  readonly system: string;
  readonly opponent: string;
  /** The system's. Null where there is none: unparsed, failed. */
  readonly outcome: Outcome | null;
}

/** A comparison that was decided, told from the system whose name comes first. */
export interface Game extends Clustered {
  readonly system: string;
  readonly opponent: string;
  /** 1 a win, ½ a tie, 0 a loss. */
  readonly points: number;
}

const pointsOf = { win: 1, tie: 0.5, lose: 0 } as const;

/**
 * The decided comparisons. Who is called system and who opponent is lost on purpose: what is computed from games cannot depend on it.
 *
 * @throws RangeError where a system is compared with itself
 */
export function gamesOf(outcomes: readonly PairwiseOutcome[]): Game[] {
  const games: Game[] = [];
  for (const { system, opponent, outcome, ...sample } of outcomes) {
    if (system === opponent) throw new RangeError(`${system} is compared with itself on sample ${sample.sampleId}`);
    if (outcome === null || outcome === "inconsistent") continue;
    const points = pointsOf[outcome];
    games.push(
      byName(system, opponent) < 0
        ? { ...sample, system, opponent, points }
        : { ...sample, system: opponent, opponent: system, points: 1 - points },
    );
  }
  return games;
}

/** Orders games of one sample. */
export function byGame(a: Game, b: Game): number {
  return byName(a.system, b.system) || byName(a.opponent, b.opponent) || a.points - b.points;
}
