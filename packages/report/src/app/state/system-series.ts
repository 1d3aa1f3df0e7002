import type { SummaryHeader } from "../../payload/format.js";

/**
 * Which colour, dash and mark every system has, on all charts. A system that is the subject of one shift keeps that shift's; the others
 * take what is left. Indexes count on past the six colours: marks move on with every round.
 */
export function systemSeries({ systems, shifts }: Pick<SummaryHeader, "systems" | "shifts">): number[] {
  const taken = new Set<number>();
  const own = systems.map(({ id }) => {
    const [index = -1, another] = shifts.flatMap(({ subject }, at) => (subject === id ? [at] : []));
    if (index < 0 || another !== undefined) return -1;
    taken.add(index);
    return index;
  });
  let next = 0;
  return own.map((index) => {
    if (index >= 0) return index;
    while (taken.has(next)) next += 1;
    taken.add(next);
    return next;
  });
}
