/**
 * How an answer is cut out of what a model wrote. `exact`: at the template's own closing fence or next query, nothing else is
 * touched. `urial-compat`: as the paper's released code does it, for comparison with its published answers.
 */
export type Cleaning = "exact" | "urial-compat";

export const cleanings: readonly Cleaning[] = ["exact", "urial-compat"];

/** The stop texts of the released code. A closing fence is none of them: the model writes on until a next query, or its end. */
export const releasedStops: readonly string[] = ["# Query", "# User"];

/**
 * The released code's cleaning of a text that ended at {@link releasedStops}: cut at the first "Query", every three back-ticks
 * replaced by a space, space at the end removed. It loses the fences of code blocks, what stands behind a "jQuery" or "SQL Query",
 * and keeps what the model wrote behind its closing fence.
 */
export function releasedCleaning(text: string): string {
  return (text.split("Query", 1)[0] ?? "").replaceAll("```", " ").trimEnd();
}
