import type { Mode, Rating, ShownAspect, Side } from "../../protocol.js";

/** What is chosen and not saved yet: aspect → choice. `null` of a rubric: the aspect does not apply. */
export type Choices = Readonly<Record<string, Side | number | null>>;

export interface Choice {
  readonly value: Side | number | null;
  readonly label: string;
  /** Key that takes it. */
  readonly key: string;
  readonly spoken: string;
}

/** What an aspect can be given. */
export function choicesOf(mode: Mode, { min, max }: ShownAspect): readonly Choice[] {
  if (mode === "pairwise") {
    return [
      { value: "a", label: "A better", key: "A", spoken: "Answer A is better" },
      { value: "tie", label: "Tie", key: "T", spoken: "Tie: neither is better" },
      { value: "b", label: "B better", key: "B", spoken: "Answer B is better" },
    ];
  }
  const scores = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  return [
    ...scores.map((value) => ({
      value,
      label: String(value),
      // A tenth key where the scale goes to 10 and does not begin at 0.
      key: value === 10 ? (min > 0 ? "0" : "-") : String(value),
      spoken: value === min ? `${value}, the worst` : value === max ? `${value}, the best` : String(value),
    })),
    { value: null, label: "n/a", key: "X", spoken: "does not apply" },
  ];
}

export function choicesFrom(rating: Rating | null): Choices {
  if (rating === null || rating.kind === "skipped") return {};
  return rating.kind === "pairwise" ? rating.choices : rating.scores;
}

export function ratingFrom(mode: Mode, choices: Choices, note: string): Rating {
  return mode === "pairwise"
    ? { kind: "pairwise", choices: choices as Readonly<Record<string, Side>>, note }
    : { kind: "rubric", scores: choices as Readonly<Record<string, number | null>>, note };
}

/** Index of the first aspect without a choice, from `from` on and then from the start; −1 where all have one. */
export function firstOpen(aspects: readonly ShownAspect[], choices: Choices, from = 0): number {
  const open = aspects.flatMap(({ id }, index) => (Object.hasOwn(choices, id) ? [] : [index]));
  return open.find((index) => index >= from) ?? open[0] ?? -1;
}
