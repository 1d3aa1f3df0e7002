import type { Outcome } from "../comparison/pairwise-outcome.js";
import { type JudgedPair, outcomeOf, type PairJudge } from "./judged.js";

/** A pair with its outcome in an aspect. */
export interface PairOutcome extends JudgedPair {
  readonly outcome: Outcome | null;
}

/** Two systems that a judge compared, and how in one aspect. */
export interface ComparedSystems {
  readonly judge: string;
  readonly aspect: string;
  /** The one that stands first in the experiment. */
  readonly system: string;
  readonly against: string;
  readonly pairs: readonly PairOutcome[];
}

/** By judge, aspect and pair of systems, those in the order of the experiment. A judge that said nothing has no rows. */
export function comparedSystems(judges: readonly PairJudge[], systems: readonly string[]): readonly ComparedSystems[] {
  const place = new Map(systems.map((system, i) => [system, i]));
  return judges.flatMap(({ id, aspects, pairs }) => {
    const groups = new Map<string, JudgedPair[]>();
    for (const pair of pairs) {
      const key = JSON.stringify([pair.system, pair.against]);
      const group = groups.get(key) ?? [];
      group.push(pair);
      groups.set(key, group);
    }
    const ordered = [...groups.values()].sort(([a], [b]) => order(a, place) - order(b, place));
    return aspects.flatMap((aspect) =>
      ordered.flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { system, against } = first;
        const outcomes = group.map((pair) => ({ ...pair, outcome: outcomeOf(pair, aspect) }));
        return [{ judge: id, aspect, system, against, pairs: outcomes }];
      }),
    );
  });
}

function order(pair: JudgedPair | undefined, place: ReadonlyMap<string, number>): number {
  return pair === undefined ? 0 : (place.get(pair.system) ?? 0) * place.size + (place.get(pair.against) ?? 0);
}
