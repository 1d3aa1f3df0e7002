import type { FinishReason, JsonObject, Message, Preference, Repetition, Table } from "@unshift/contracts";
import type { Manifest, ReportInput } from "@unshift/contracts/services";
import type { ColumnRef } from "./columns.js";

/** What the page needs before its first view: everything but the samples' positions and texts. */
export interface SummaryHeader {
  readonly manifest: Manifest;
  readonly systems: ReportInput["systems"];
  readonly shifts: readonly ShiftHead[];
  readonly tables: readonly Table[];
  readonly samples: readonly SampleHead[];
  /** Those of the experiment first, in its order. */
  readonly judges: readonly JudgeHead[];
  /** What every sample was judged, for the list of samples. */
  readonly verdicts: VerdictColumns;
  readonly blocks: number;
  /** Of the run's lists of likeliest tokens, how many entries the file keeps, and of how many; null where no position is compared. */
  readonly lists: { readonly kept: number; readonly of: number } | null;
  /** Tables of the run, those that the page does not carry among them. */
  readonly tableCount: number;
}

/** A judge and what it judges. */
export interface JudgeHead {
  readonly id: string;
  /** A person's name where a person judged, or null. */
  readonly person: string | null;
  readonly judges: "answers" | "pairs";
  /** What an aspect that does not apply counts: the judge's own option, null where it has none. */
  readonly naPolicy: string | null;
  /** Aspects that occur in a verdict, in the judge's order where it is known. */
  readonly aspects: readonly AspectHead[];
}

/** Something a judge scored or compared. */
export interface AspectHead {
  readonly id: string;
  readonly title: string;
  /** Ends of the scale; of a judge that names none, the lowest and highest score seen. */
  readonly min: number;
  readonly max: number;
  /** The judge named the ends. */
  readonly isScaleKnown: boolean;
  /** Every score is 0 or 1, so that a mean is a share. */
  readonly isShare: boolean;
}

/** Columns over samples, in the order of `samples`; what no verdict is about has no column. */
export interface VerdictColumns {
  readonly scores: readonly ScoreColumn[];
  readonly states: readonly StateColumn[];
}

/** An aspect's scores of one system: the mean over repeats, NaN where there is none. */
export interface ScoreColumn {
  readonly judge: number;
  /** Index in the judge's aspects. */
  readonly aspect: number;
  /** Index in `systems`. */
  readonly system: number;
  readonly values: ColumnRef;
}

/** Which states the verdicts of one judge (over all systems) are in: sums of {@link verdictStates}. */
interface StateColumn {
  readonly judge: number;
  readonly values: ColumnRef;
}

/** Bits of a state column. */
export const verdictStates = {
  scored: 1,
  unparsed: 2,
  failed: 4,
  "not-applicable": 8,
  repaired: 16,
  inconsistent: 32,
  preferred: 64,
} as const;
export type VerdictState = keyof typeof verdictStates;

export interface ShiftHead {
  readonly id: string;
  readonly answers: string;
  readonly subject: string;
  readonly scored: number;
  readonly skipped: number;
  readonly failed: number;
  /** Message of the first answer that was skipped, and of the first that failed. */
  readonly firstSkip: string | null;
  readonly firstFailure: string | null;
  /** The answers came without a model: whatever needs a reference is not known. */
  readonly withoutReference: boolean;
}

/** One line of the sample list. */
export interface SampleHead {
  readonly id: string;
  /** The last user message, at most {@link previewLength} characters. */
  readonly question: string;
  readonly tags: readonly string[];
  /** The sample whose chat this one continues, or null. */
  readonly follows: string | null;
  /** Which block holds the rest, and where in it. */
  readonly block: number;
  readonly index: number;
  /** By shift, in the order of `shifts`; null where the sample was not scored. */
  readonly strips: readonly (Strip | null)[];
}

export const previewLength = 280;
/** Cells of a sample's strip in the list: the highest class among the positions of a cell. */
export const stripCells = 80;

/** An answer's classes at a glance. */
export interface Strip {
  readonly unshifted: number;
  readonly marginal: number;
  readonly shifted: number;
  /** One digit a cell: 0 unshifted, 1 marginal, 2 shifted. */
  readonly cells: string;
  /** Mean KL(reference ‖ subject), nats; null where there is no reference. */
  readonly meanKl: number | null;
}

/** Token ids as people see them: `[id, text, special]`; columns hold indexes into such a list. */
export type TokenEntry = readonly [id: number, text: string, special: 0 | 1];

/** Static prefixes (a URIAL prompt), stored once for all samples that share them. */
export interface PrefixHeader {
  readonly tokens: readonly TokenEntry[];
  readonly prefixes: readonly ColumnRef[];
}

export interface SampleBlockHeader {
  readonly tokens: readonly TokenEntry[];
  readonly samples: readonly SampleDetail[];
}

export interface SampleDetail {
  readonly messages: readonly Message[];
  readonly reference: readonly string[];
  readonly answers: readonly AnswerDetail[];
  readonly verdicts: readonly VerdictDetail[];
  /** By shift, in the order of `shifts`. */
  readonly comparisons: readonly ComparisonDetail[];
}

export interface PromptDetail {
  /** Index of the static prefix, or null. */
  readonly prefix: number | null;
  /** The ids after it. */
  readonly tail: ColumnRef;
  readonly provenance: JsonObject;
}

export type AnswerDetail =
  | {
      readonly system: string;
      readonly status: "answered";
      readonly text: string;
      /** Everything that was generated, where it says more than `text`. */
      readonly raw: string | null;
      readonly tokens: number;
      readonly finishReason: FinishReason;
      readonly stop: string | null;
      readonly repetition: Repetition | null;
      /** Made elsewhere, and by whom, as far as the file says. */
      readonly imported: { readonly generator: string | null } | null;
      /** Null where the answer was made elsewhere and its prompt is not known. */
      readonly prompt: PromptDetail | null;
    }
  | { readonly system: string; readonly status: "skipped" | "failed"; readonly code: string; readonly message: string };

export interface VerdictDetail {
  /** Index in `judges`. */
  readonly judge: number;
  readonly system: string;
  /** The system of the other answer of a pair, or null; of two the one that stands first in the run is `system`. */
  readonly against: string | null;
  /** Which time it is, from 1. */
  readonly repeat: number;
  readonly status: "scored" | "preferred" | "not-applicable" | "unparsed" | "failed";
  readonly scores: Readonly<Record<string, number>>;
  readonly preferences: Readonly<Record<string, Preference>>;
  /** Aspects that the judge said do not apply. */
  readonly notApplicable: readonly string[];
  readonly repairs: readonly string[];
  /** Rationale of a score, reason of a missing one. */
  readonly why: string | null;
  /** The reply that could not be read, cut at {@link rawLength} characters. */
  readonly raw: string | null;
}

export const rawLength = 20_000;

export type ComparisonDetail =
  | { readonly status: "absent" }
  | { readonly status: "skipped" | "failed"; readonly code: string; readonly message: string }
  | ({ readonly status: "scored" } & PositionRefs);

/** Columns of one comparison; lists are flat `[k, n]`, all first entries, then all second ones: alike numbers pack better side by side. What needs a reference is null where there is none. */
export interface PositionRefs {
  readonly length: number;
  readonly topK: number;
  readonly token: ColumnRef;
  readonly referenceProbability: ColumnRef | null;
  readonly subjectProbability: ColumnRef;
  readonly referenceRank: ColumnRef | null;
  readonly subjectRank: ColumnRef;
  readonly klReferenceSubject: ColumnRef | null;
  readonly klSubjectReference: ColumnRef | null;
  readonly js: ColumnRef | null;
  readonly tv: ColumnRef | null;
  readonly referenceEntropy: ColumnRef | null;
  readonly subjectEntropy: ColumnRef;
  readonly referenceTop: ColumnRef | null;
  readonly referenceTopProbabilities: ColumnRef | null;
  readonly subjectTop: ColumnRef;
  readonly subjectTopProbabilities: ColumnRef;
  readonly referenceDroppedMass: ColumnRef | null;
  readonly subjectDroppedMass: ColumnRef | null;
  readonly subjectPrompt: PromptDetail | null;
}

/** `id` attributes of the data elements. */
export const elementIds = {
  summary: "unshift-summary",
  prefixes: "unshift-prefixes",
  block: (index: number): string => `unshift-block-${index}`,
};
