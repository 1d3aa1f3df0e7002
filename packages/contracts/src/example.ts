/** A question with its answer, for in-context examples and retrieval. Never a sample. */
export interface Example {
  /** Unique in its set. */
  readonly id: string;
  readonly instruction: string;
  readonly output: string;
}

/**
 * Form under which two instructions are the same question: Unicode form, case, spacing and the marks around it do not count. No
 * example is shown whose question a sample asks.
 */
export function normalisedInstruction(instruction: string): string {
  return instruction
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^[\s"'“”‘’«»]+|[\s.!?…"'“”‘’«»]+$/g, "");
}
