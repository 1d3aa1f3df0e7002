import type { FinishReason, JsonObject, Message, Repetition, Table } from "@unshift/contracts";
import type { Manifest, ReportInput } from "@unshift/contracts/services";
import type { ColumnRef } from "./columns.js";

/** What the page needs before its first view: everything but the samples' positions and texts. */
export interface SummaryHeader {
  readonly manifest: Manifest;
  readonly systems: ReportInput["systems"];
  readonly shifts: readonly ShiftHead[];
  readonly tables: readonly Table[];
  readonly samples: readonly SampleHead[];
  readonly aspects: readonly AspectHead[];
  readonly blocks: number;
  /** Tables of the run, those that the page does not carry among them. */
  readonly tableCount: number;
}

/** Something a judge scored. */
export interface AspectHead {
  readonly judge: string;
  readonly aspect: string;
  /** Every score is 0 or 1, so that a mean is a share. */
  readonly isShare: boolean;
}

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
  readonly judge: string;
  readonly system: string;
  readonly status: "scored" | "preferred" | "not-applicable" | "unparsed" | "failed";
  readonly scores: Readonly<Record<string, number>>;
  /** Rationale of a score, reason of a missing one. */
  readonly why: string | null;
}

export type ComparisonDetail =
  | { readonly status: "absent" }
  | { readonly status: "skipped" | "failed"; readonly code: string; readonly message: string }
  | ({ readonly status: "scored" } & PositionRefs);

/** Columns of one comparison; lists are flat `[n, k]`. What needs a reference is null where there is none. */
export interface PositionRefs {
  readonly length: number;
  readonly topK: number;
  readonly token: ColumnRef;
  readonly referenceLogprob: ColumnRef | null;
  readonly subjectLogprob: ColumnRef;
  readonly referenceRank: ColumnRef | null;
  readonly subjectRank: ColumnRef;
  readonly klReferenceSubject: ColumnRef | null;
  readonly klSubjectReference: ColumnRef | null;
  readonly js: ColumnRef | null;
  readonly tv: ColumnRef | null;
  readonly referenceEntropy: ColumnRef | null;
  readonly subjectEntropy: ColumnRef;
  readonly referenceTop: ColumnRef | null;
  readonly referenceTopLogprobs: ColumnRef | null;
  readonly subjectTop: ColumnRef;
  readonly subjectTopLogprobs: ColumnRef;
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
