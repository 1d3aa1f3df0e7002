import { type Example, fencedAnswer, fencedQuery } from "@unshift/contracts";
import { answersOf, type Labels } from "./labels.js";

/** The text that stands before a question: system text and examples, in the paper's fenced format. */
export interface Demonstration {
  readonly shown: readonly Example[];
  /** For each example the one whose answer it carries; null: none. */
  readonly answers: readonly (Example | null)[];
  /** Text of each example. */
  readonly blocks: readonly string[];
}

export function demonstrationOf(shown: readonly Example[], labels: Labels, seed: number): Demonstration {
  const answers = answersOf(shown, labels, seed);
  const blocks = shown.map(({ instruction }, index) => {
    const answer = answers[index] ?? null;
    return fencedQuery(instruction) + (answer === null ? "" : fencedAnswer(answer.output));
  });
  return { shown, answers, blocks };
}

/** System text, examples and what follows. Each part begins with a newline that separates it from the one before. */
export function joined(system: string, blocks: readonly string[], rest: string): string {
  const text = blocks.join("") + rest;
  return system === "" ? text.slice(1) : `${system}\n${text}`;
}
