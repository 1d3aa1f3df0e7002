import { writeAlpacaEval } from "./alpaca-eval.js";
import { writeJustEval } from "./just-eval.js";
import { writeMtBench } from "./mt-bench.js";
import type { AnsweredSample, WriteOptions, WrittenAnswers } from "./written-answers.js";

interface WritableFormat {
  /** With its dot. */
  readonly extension: string;
  readonly write: (items: readonly AnsweredSample[], options: WriteOptions) => WrittenAnswers;
}

/** The formats of answers that are written, by the name `--format` takes. */
export const writtenFormats = {
  "just-eval": { extension: ".json", write: writeJustEval },
  "alpaca-eval": { extension: ".json", write: writeAlpacaEval },
  "mt-bench": { extension: ".jsonl", write: writeMtBench },
} as const satisfies Readonly<Record<string, WritableFormat>>;

export type WrittenFormat = keyof typeof writtenFormats;

/** One system's answers in a released format. The same answers give the same bytes. */
export function writeAnswers(
  format: WrittenFormat,
  items: readonly AnsweredSample[],
  options: WriteOptions,
): WrittenAnswers {
  return writtenFormats[format].write(items, options);
}
