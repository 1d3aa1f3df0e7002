/** One question with its answer. */
export interface Example {
  /** Unique in its set. */
  readonly id: string;
  readonly instruction: string;
  readonly output: string;
}

/** Examples in the order of their file. */
export interface ExampleSet {
  readonly examples: readonly Example[];
  /** sha256 of the file. */
  readonly sha256: string;
  /** Rows that are no examples, by reason. */
  readonly leftOut: { readonly empty: number; readonly duplicate: number; readonly withInput: number };
}

/** Form under which two instructions are the same question: Unicode form, case, spacing and the marks at the end do not count. */
export function normalised(instruction: string): string {
  return instruction
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^[\s"'“”‘’«»]+|[\s.!?…"'“”‘’«»]+$/g, "");
}
