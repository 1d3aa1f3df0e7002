import type { VNode } from "preact";
import type { ShiftHead } from "../../payload/format.js";
import { withoutReferenceText } from "../text/without-reference.js";

/** Says of which shifts nothing but the subject is known; nothing where all have a reference. */
export function WithoutReference({ shifts }: { readonly shifts: readonly ShiftHead[] }): VNode | null {
  const answers = [...new Set(shifts.flatMap((shift) => (shift.withoutReference ? [shift.answers] : [])))];
  if (answers.length === 0) return null;
  return (
    <p class="without-reference">
      <b>
        <bdi>{answers.join(", ")}</bdi>
      </b>
      : {withoutReferenceText}
    </p>
  );
}
