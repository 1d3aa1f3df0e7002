import { AssertionError } from "node:assert";
import {
  type Contribution,
  contribution,
  type Dataset,
  instructionOf,
  type Judge,
  type Prompt,
  type Sample,
  type Strategy,
} from "@unshift/contracts";

/** What a check throws that found this. */
export const broken = (message: RegExp) => ({ instanceOf: AssertionError, message });

export function strategyOf(create: () => Strategy): Contribution<Strategy, never> {
  return contribution<Strategy, never>({ summary: "A strategy.", create });
}

export function datasetOf(create: () => Dataset): Contribution<Dataset, never> {
  return contribution<Dataset, never>({ summary: "A dataset.", create });
}

export function judgeOf(create: () => Pick<Judge, "judge"> & Partial<Judge>): Contribution<Judge, never> {
  const aspects = [{ id: "right", title: "Right", min: 0, max: 1, meaning: "share of right answers" }];
  return contribution<Judge, never>({ summary: "A judge.", create: () => ({ version: "1", aspects, ...create() }) });
}

/** A prompt nobody could object to. */
export function goodPrompt(sample: Sample): Prompt {
  const text = `Q: ${instructionOf(sample)}\nA:`;
  return { text, parseSpecial: false, bos: "auto", staticChars: 3, stop: ["\nQ:"], provenance: { k: 0 } };
}

export function sampleOf(id: string, change: Partial<Sample> = {}): Sample {
  return { id, messages: [{ role: "user", content: `What is ${id}?` }], reference: [], tags: {}, ...change };
}
