import {
  type AnsweredSample,
  instructionRows,
  releasedId,
  type WriteOptions,
  type WrittenAnswers,
} from "./written-answers.js";

/** just-eval's outputs to be judged: `[{ id, instruction, dataset?, category?, output, generator }]`. */
export function writeJustEval(items: readonly AnsweredSample[], { generator }: WriteOptions): WrittenAnswers {
  return instructionRows(items, ({ id, tags }, instruction, output) => ({
    id: releasedId(id),
    instruction,
    dataset: tags.source?.[0],
    category: tags.category?.[0],
    output,
    generator,
  }));
}
