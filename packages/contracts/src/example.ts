/** A question with its answer, for in-context examples and retrieval. Never a sample. */
export interface Example {
  /** Unique in its set. */
  readonly id: string;
  readonly instruction: string;
  readonly output: string;
}
