import { instructionSample, type ReleasedFormat, type ReleasedRow } from "./released-row.js";
import type { Row } from "./row.js";
import { answerOf, idOf, textOf } from "./row-fields.js";

const candidates = [
  ["output_cand", "generator_cand"],
  ["output_A", "generator_A"],
  ["output_B", "generator_B"],
] as const;

/**
 * What just-eval writes when it has judged: `{ id, input, output_cand, generator_cand, eval_config, prompt, result,
 * parsed_result }`, for pairs `output_A` and `output_B`. Its answers are read; what the judge said is not.
 */
export const justEvalResult: ReleasedFormat = {
  title: "just-eval results, of which the answers are read",
  marks: '"output_cand", or "output_A" and "output_B"',
  matches: ({ fields }) => "output_cand" in fields || ("output_A" in fields && "output_B" in fields),
  read: (row, context) => {
    const sample = instructionSample(idOf(row, "id"), textOf(row, "input"));
    const read = candidates
      .filter(([output]) => wanted(row, output))
      .map(([output, from]) => ({ text: answerOf(row, output), generator: context.generator(row, from) }));
    const of = (generator: string) => ({ sampleId: sample.id, generator });
    const result: ReleasedRow = {
      place: row.place,
      samples: [sample],
      answers: read.flatMap(({ text, generator }) => (text === null ? [] : [{ ...of(generator), text }])),
      omissions: read.flatMap(({ text, generator }) =>
        text === null ? [{ ...of(generator), reason: "no-answer" as const }] : [],
      ),
    };
    return result;
  },
};

/** The one candidate, or both of a pair: a row with neither is refused by the field it lacks. */
function wanted({ fields }: Row, output: (typeof candidates)[number][0]): boolean {
  const pair = "output_A" in fields || "output_B" in fields;
  return output === "output_cand" ? "output_cand" in fields || !pair : pair;
}
