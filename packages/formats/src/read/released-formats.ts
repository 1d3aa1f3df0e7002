import { aligntds } from "./aligntds.js";
import { alpacaEval } from "./alpaca-eval.js";
import { justEval } from "./just-eval.js";
import { justEvalResult } from "./just-eval-result.js";
import { mtBench } from "./mt-bench.js";
import { plain } from "./plain.js";
import type { ReleasedFormat } from "./released-row.js";

/** The formats of answers that are read, by the name `--format` takes. `plain` is what carries no other's marks. */
export const releasedFormats = {
  aligntds,
  "just-eval": justEval,
  "just-eval-result": justEvalResult,
  "alpaca-eval": alpacaEval,
  "mt-bench": mtBench,
  plain,
} as const satisfies Readonly<Record<string, ReleasedFormat>>;

export type AnswerFormat = keyof typeof releasedFormats;

export const answerFormats = Object.keys(releasedFormats) as readonly AnswerFormat[];
