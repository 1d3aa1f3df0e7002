import { type AnsweredSample, instructionRows, type WriteOptions, type WrittenAnswers } from "./written-answers.js";

/** AlpacaEval's model outputs: `[{ dataset?, instruction, output, generator }]`. Ids are not part of it. */
export function writeAlpacaEval(items: readonly AnsweredSample[], { generator }: WriteOptions): WrittenAnswers {
  return instructionRows(items, ({ tags }, instruction, output) => ({
    dataset: tags.source?.[0],
    instruction,
    output,
    generator,
  }));
}
