import { instructionSample, type ReleasedFormat, singleRow } from "./released-row.js";
import { fieldError } from "./row.js";
import { answerOf, oneOf, tagsOf, textOf } from "./row-fields.js";

/** AlpacaEval's model outputs: `{ instruction, output, generator, dataset }`. They carry no id: it is made of the instruction. */
export const alpacaEval: ReleasedFormat = {
  title: "AlpacaEval model outputs",
  marks: '"instruction", "output" and "generator", and no "id"',
  matches: ({ fields }) => ["instruction", "output", "generator"].every((mark) => mark in fields) && !("id" in fields),
  read: (row, context) => {
    const field = oneOf(row, ["instruction", "input"]);
    if (field === null) throw fieldError(row, "instruction", "a text");
    const instruction = textOf(row, field);
    const generator = context.generator(row, "generator");
    const sample = instructionSample(context.contentId(instruction, generator), instruction, {
      tags: tagsOf(row, { source: "dataset" }),
    });
    return singleRow(row, sample, answerOf(row, "output"), generator);
  },
};
