import { instructionSample, type Omission, type ReleasedFormat, singleRow } from "./released-row.js";
import { fieldError } from "./row.js";
import { idOf, saying, textOf, textsOf } from "./row-fields.js";

/**
 * AlignTDS's input: `{ id, pure_input, input, output: [text], reference }`. `pure_input` is the instruction; `input`, the same in
 * the aligned model's template, is not read: a strategy makes it again. The file does not say who wrote the answers.
 */
export const aligntds: ReleasedFormat = {
  title: "AlignTDS input",
  marks: '"pure_input", and "output" as a list',
  matches: ({ fields }) => "pure_input" in fields && Array.isArray(fields.output),
  read: (row, context) => {
    const output = row.fields.output;
    if (!Array.isArray(output)) throw fieldError(row, "output", "a list of texts, the first of which is read");
    const [text = null, ...further] = output.map((each: unknown) => {
      if (each === null || typeof each === "string") return each;
      throw fieldError(row, "output", "a list of texts, the first of which is read");
    });
    const sample = instructionSample(idOf(row, "id"), textOf(row, "pure_input"), {
      reference: saying(textsOf(row, "reference")),
    });
    const generator = context.generator(row, "generator");
    const single = singleRow(row, sample, text, generator);
    const omission: Omission = { sampleId: sample.id, generator, reason: "further-answer" };
    return { ...single, omissions: [...single.omissions, ...further.map(() => omission)] };
  },
};
