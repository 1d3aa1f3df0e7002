import type { Json } from "@unshift/contracts";
import type { OpenedRun } from "./opened-run.js";
import type { RunDifference } from "./run-differences.js";

type Annotator = NonNullable<OpenedRun["experiment"]["annotators"]>[number];

/**
 * Where one person's ratings mean different things in two runs: pairs in one and scores in the other, or other scales of an aspect.
 * Bearable is what leaves a score what it is: another seed orders the items another way, and who rated one run alone compares nothing.
 *
 * @param judges ids of those that count; null: all
 */
export function raterDifferences(
  first: OpenedRun,
  other: OpenedRun,
  judges: readonly string[] | null,
): readonly RunDifference[] {
  const [there, here] = [ratersOf(first, judges), ratersOf(other, judges)];
  const between = (path: string, one: Json, two: Json): RunDifference => ({
    path,
    values: { [first.label]: one, [other.label]: two },
  });
  return [...new Set([...there.keys(), ...here.keys()])].sort().flatMap((id): RunDifference[] => {
    const [one, two] = [there.get(id), here.get(id)];
    if (one === undefined || two === undefined) {
      const rated = (rater: Annotator | undefined) => (rater === undefined ? null : "rated");
      return [{ ...between(`raters.${id}`, rated(one), rated(two)), bearable: true }];
    }
    const [mode, otherMode] = [one.options["mode"] ?? null, two.options["mode"] ?? null];
    const [seed, otherSeed] = [one.options["seed"] ?? null, two.options["seed"] ?? null];
    return [
      ...(mode === otherMode ? [] : [between(`raters.${id}.mode`, mode, otherMode)]),
      ...one.aspects.flatMap((aspect) => {
        const same = two.aspects.find((candidate) => candidate.id === aspect.id);
        if (same === undefined || (same.min === aspect.min && same.max === aspect.max)) return [];
        return [between(`raters.${id}.${aspect.id}`, [aspect.min, aspect.max], [same.min, same.max])];
      }),
      ...(seed === otherSeed ? [] : [{ ...between(`raters.${id}.seed`, seed, otherSeed), bearable: true as const }]),
    ];
  });
}

function ratersOf({ experiment }: OpenedRun, judges: readonly string[] | null): ReadonlyMap<string, Annotator> {
  const counted = (experiment.annotators ?? []).filter(({ id }) => judges === null || judges.includes(id));
  return new Map(counted.map((rater) => [rater.id, rater]));
}
