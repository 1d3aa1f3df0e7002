import { type ErrorParts, UnshiftError } from "@unshift/contracts";

export interface PromptExample {
  readonly query: string;
  /** Null where the file goes on to the next query. */
  readonly answer: string | null;
}

/** A prompt file by lines, with a way to refuse one of them. */
export interface PromptLines {
  readonly texts: readonly string[];
  /** @throws PROMPT_FILE placed at the line with this index */
  fail(index: number, message: string, parts?: Omit<ErrorParts, "where">): never;
}

export function promptLines(text: string, file: string): PromptLines {
  return {
    texts: text.split("\n"),
    fail: (index, message, parts = {}) => {
      throw new UnshiftError("PROMPT_FILE", message, { ...parts, where: { file, line: index + 1 } });
    },
  };
}
