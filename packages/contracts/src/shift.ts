/**
 * Paper §2.2: η = rank of the answer's token under the subject (base) model. Unshifted η = 1, marginal 1 < η ≤ 3,
 * shifted η > 3; ranks count from 1.
 */
export type ShiftClass = "unshifted" | "marginal" | "shifted";

export const shiftClasses: readonly ShiftClass[] = ["unshifted", "marginal", "shifted"];

/** The class of an exact rank (1 + ids with a strictly greater logit). */
export function classOfRank(rank: number): ShiftClass {
  return rank === 1 ? "unshifted" : rank <= 3 ? "marginal" : "shifted";
}

/**
 * Columns over the n positions of one answer compared under reference and subject, full vocabulary, nats.
 * Lists are flat: `[n, k]` row by row.
 */
export interface PositionColumns {
  /**
   * The answers came without a model: there is no reference distribution. Reference columns and divergences hold NaN then, ranks
   * 0, ids −1.
   */
  readonly withoutReference?: true;
  readonly length: number;
  readonly topK: number;
  readonly tokenIds: Int32Array;
  readonly referenceLogprob: Float64Array;
  readonly subjectLogprob: Float64Array;
  readonly referenceRank: Int32Array;
  readonly subjectRank: Int32Array;
  readonly klReferenceSubject: Float64Array;
  readonly klSubjectReference: Float64Array;
  readonly js: Float64Array;
  readonly tv: Float64Array;
  readonly referenceEntropy: Float64Array;
  readonly subjectEntropy: Float64Array;
  readonly referenceTopIds: Int32Array;
  readonly referenceTopLogprobs: Float64Array;
  readonly subjectTopIds: Int32Array;
  readonly subjectTopLogprobs: Float64Array;
  /** Mass on ids only one vocabulary has; null where vocabularies are identical. */
  readonly referenceDroppedMass: Float64Array | null;
  readonly subjectDroppedMass: Float64Array | null;
}

/** One sample's comparison: that it happened, under which subject prompt, or why it did not. */
export interface ComparisonRecord {
  readonly key: string;
  /** `answers→subject`: id of the shift. */
  readonly shift: string;
  readonly sampleId: string;
  readonly status: "scored" | "skipped" | "failed";
  /** Positions compared; 0 for an empty answer and where nothing was scored. */
  readonly positions: number;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly subjectPrompt: import("./answer.js").PromptRecord | null;
  /** Wall time of the comparison, where it was made in the sitting that wrote this. */
  readonly durationMs?: number;
  /** Where the reference's logits waited rounded: how far that moved a row at most, in total variation and in KL, nats. */
  readonly rounding?: { readonly tv: number; readonly kl: number };
}

/** Id of the comparison of `answers`' answers with `subject`. */
export function shiftId(answers: string, subject: string): string {
  return `${answers}→${subject}`;
}
