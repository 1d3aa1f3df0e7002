/** What the page and its server say to each other. Nothing here names a system before judging has ended. */

/** `pairwise`: which of two answers is better. `rubric`: scores of one answer. */
export type Mode = "pairwise" | "rubric";

export interface ShownAspect {
  readonly id: string;
  readonly title: string;
  /** What it asks, in a sentence; empty where nobody said. */
  readonly hint: string;
  /** Whole scores from `min` to `max`; not used by pairs. */
  readonly min: number;
  readonly max: number;
}

export interface ShownTurn {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

export interface ShownAnswer {
  /** The chat before the question as the system that answers had it: its own earlier answers are among it. */
  readonly before: readonly ShownTurn[];
  readonly text: string;
}

/** What a person made of an item. */
export type Rating =
  | { readonly kind: "skipped"; readonly note: string }
  | { readonly kind: "pairwise"; readonly choices: Readonly<Record<string, Side>>; readonly note: string }
  /** null: the aspect does not apply. */
  | { readonly kind: "rubric"; readonly scores: Readonly<Record<string, number | null>>; readonly note: string };

/** The answer on the left, the one on the right, or neither. */
export type Side = "a" | "b" | "tie";

export interface Progress {
  readonly rater: string;
  readonly mode: Mode;
  readonly aspects: readonly ShownAspect[];
  readonly total: number;
  readonly rated: number;
  readonly skipped: number;
  /** Index of the first item without a rating; `total` where there is none. */
  readonly next: number;
  /** The rater has seen the key: no rating is taken any more. */
  readonly ended: boolean;
  /** Whether the key is given at the end. */
  readonly canReveal: boolean;
}

export interface ShownItem {
  /** Opaque; new at every start of the server. */
  readonly item: string;
  /** Place in the rater's order, from 0. */
  readonly at: number;
  /** The question is the last; what the sample itself brings before it comes first. */
  readonly question: readonly ShownTurn[];
  /** Accepted statements of the fact asked for, or none. */
  readonly reference: readonly string[];
  /** One of a rubric, two of a pair: left, right. */
  readonly answers: readonly ShownAnswer[];
  readonly rating: Rating | null;
}

/** Which system was which, after the end. */
export interface BlindKey {
  /** In the rater's order. */
  readonly items: readonly { readonly question: string; readonly systems: readonly string[] }[];
  readonly preferences: readonly {
    readonly aspect: string;
    readonly one: string;
    readonly other: string;
    readonly preferredOne: number;
    readonly preferredOther: number;
    readonly ties: number;
  }[];
  readonly scores: readonly {
    readonly system: string;
    readonly aspect: string;
    readonly n: number;
    readonly mean: number;
  }[];
}

/** Characters of a note. */
export const longestNote = 10_000;
