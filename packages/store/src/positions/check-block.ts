import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type { PositionBlock } from "@unshift/contracts/services";

const perPosition = [
  "tokenIds",
  "referenceLogprob",
  "subjectLogprob",
  "referenceRank",
  "subjectRank",
  "klReferenceSubject",
  "klSubjectReference",
  "js",
  "tv",
  "referenceEntropy",
  "subjectEntropy",
  "referenceDroppedMass",
  "subjectDroppedMass",
] as const satisfies readonly (keyof PositionColumns)[];

const perList = [
  "referenceTopIds",
  "referenceTopLogprobs",
  "subjectTopIds",
  "subjectTopLogprobs",
] as const satisfies readonly (keyof PositionColumns)[];

/** Refuses a block no reader could trust: columns of another length than it says, or NaN. */
export function checkBlock(block: PositionBlock): void {
  const { columns } = block;
  const check = (name: (typeof perPosition)[number] | (typeof perList)[number], length: number): void => {
    const values = columns[name];
    if (values === null) return;
    if (values.length !== length) {
      throw new UnshiftError(
        "INTERNAL",
        `${name} of sample "${block.sampleId}" has ${values.length} values, not ${length}.`,
      );
    }
    // An integer array never holds NaN, and `includes` finds it where `indexOf` would not.
    if (values instanceof Float64Array && values.includes(Number.NaN)) {
      throw new UnshiftError("INTERNAL", `${name} of sample "${block.sampleId}" in ${block.shift} holds NaN.`);
    }
  };
  for (const name of perPosition) check(name, columns.length);
  for (const name of perList) check(name, columns.length * columns.topK);
}
