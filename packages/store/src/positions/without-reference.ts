import type { PositionColumns } from "@unshift/contracts";

/**
 * What needs a reference distribution. Answers that came without a model have none: Parquet holds NULL in these columns, a
 * reader gets NaN, reference ranks 0 and reference ids −1 (as the contract says), and `withoutReference`.
 */
export const referenceColumns = [
  "referenceLogprob",
  "referenceRank",
  "klReferenceSubject",
  "klSubjectReference",
  "js",
  "tv",
  "referenceEntropy",
  "referenceTopIds",
  "referenceTopLogprobs",
  "referenceDroppedMass",
  "subjectDroppedMass",
] as const satisfies readonly (keyof PositionColumns)[];

/** Their names in a part. */
export const referenceColumnNames: ReadonlySet<string> = new Set(referenceColumns.map(columnName));

/** `klReferenceSubject` → `kl_reference_subject`. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
