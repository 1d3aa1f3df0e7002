import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type { PositionBlock } from "@unshift/contracts/services";
import { referenceColumns } from "./without-reference.js";

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

/** What holds nothing where the answers came without a model. */
const ofReference: ReadonlySet<string> = new Set(referenceColumns);

/**
 * Refuses a block no reader could trust: columns of another length than it says, NaN, or figures of a reference that a block
 * without one claims to have.
 */
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
    if (columns.withoutReference === true && ofReference.has(name)) {
      if (values.every((value) => isNothing(value, values))) return;
      throw new UnshiftError(
        "INTERNAL",
        `${name} of sample "${block.sampleId}" in ${block.shift} holds figures of a reference that is not there.`,
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

/** As the contract has it: NaN among doubles, rank 0 or id −1 among integers. */
function isNothing(value: number, among: Int32Array | Float64Array): boolean {
  return among instanceof Float64Array ? Number.isNaN(value) : value <= 0;
}
