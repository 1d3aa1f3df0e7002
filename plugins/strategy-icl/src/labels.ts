import type { Example } from "@unshift/contracts";
import { derangement } from "./random.js";

/**
 * Which answers the K examples shown carry. `right`: their own. `shifted`: each that of the next one, the last that of the first.
 * `random`: permuted by the seed, none keeping its own. `none`: the questions alone.
 */
export type Labels = "right" | "shifted" | "random" | "none";

export const labelKinds: readonly Labels[] = ["right", "shifted", "random", "none"];

/** Examples that `labels` needs at least: with one alone no other answer can be given. */
export function fewestFor(labels: Labels): number {
  return labels === "shifted" || labels === "random" ? 2 : 0;
}

/** For each example the one whose answer it carries; null: none. */
export function answersOf(shown: readonly Example[], labels: Labels, seed: number): readonly (Example | null)[] {
  if (labels === "right") return shown;
  if (labels === "none") return shown.map(() => null);
  const count = shown.length;
  const from =
    labels === "shifted" ? shown.map((_, index) => (index + 1) % count) : derangement(count, (seed ^ 0x9e3779b9) >>> 0);
  return from.map((index) => shown[index] ?? null);
}
