import { type Example, fencedAnswer, fencedQuery } from "@unshift/contracts";
import { cutWords } from "./cut-words.js";

/** An example as it is shown. */
export interface Demonstration {
  readonly id: string;
  readonly score: number;
  /** Whether its answer was longer than is shown. */
  readonly cut: boolean;
  readonly text: string;
}

export function demonstrationOf({ id, instruction, output }: Example, score: number, maxWords: number): Demonstration {
  const answer = cutWords(output, maxWords);
  return { id, score, cut: answer.cut, text: fencedQuery(instruction) + fencedAnswer(answer.text) };
}

/** What stands around the examples. */
export interface Frame {
  readonly system: string;
  /** A line behind each example; empty: none. */
  readonly separator: string;
}

/** System text, examples, and what follows them. Each part begins with a newline, which separates it from the one before. */
export function framed({ system, separator }: Frame, shown: readonly Demonstration[], rest: string): string {
  const line = separator === "" ? "" : `\n${separator}\n`;
  const text = shown.map((demonstration) => demonstration.text + line).join("") + rest;
  return system === "" ? text.slice(1) : `${system}\n${text}`;
}
