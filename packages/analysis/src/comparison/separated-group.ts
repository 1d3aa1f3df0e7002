/** Systems that no finite strengths can rank against the rest. */
export interface SeparatedGroup {
  /** Places of the group's systems. */
  readonly systems: readonly number[];
  /** How it stands to the systems outside: nothing compared, no point won, or none lost. */
  readonly because: "not-compared" | "never-won" | "never-lost";
}

/**
 * Why the Bradley–Terry likelihood has no maximum: it has one exactly where, however the systems are parted in two, each part won
 * a point from the other (Ford 1957; Hunter 2004, assumption 1), that is where the graph of points is strongly connected.
 *
 * @param points [systems, systems] points of i against j, ties half a point to each
 * @returns a group set apart from the others, or null where there is none
 */
export function separatedGroup(points: Float64Array, systems: number): SeparatedGroup | null {
  const beat = (i: number, j: number): boolean => (points[i * systems + j] as number) > 0;
  const met = (i: number, j: number): boolean => beat(i, j) || beat(j, i);
  const together = reached(systems, 0, met);
  if (together.length < systems) return { systems: together, because: "not-compared" };
  for (let from = 0; from < systems; from++) {
    // Everything that `from` beat, directly or through others: a closed set of which nobody outside lost to a member.
    const beaten = reached(systems, from, beat);
    if (beaten.length < systems) return smaller(systems, beaten);
  }
  return null;
}

function reached(systems: number, from: number, edge: (i: number, j: number) => boolean): number[] {
  const seen = new Set([from]);
  for (const i of seen) {
    for (let j = 0; j < systems; j++) if (edge(i, j)) seen.add(j);
  }
  return [...seen].sort((a, b) => a - b);
}

/** A message names the smaller side: the one that never won, or the rest, which never lost. */
function smaller(systems: number, losers: readonly number[]): SeparatedGroup {
  const others = Array.from({ length: systems }, (_, i) => i).filter((i) => !losers.includes(i));
  return losers.length <= others.length
    ? { systems: losers, because: "never-won" }
    : { systems: others, because: "never-lost" };
}
