import { instructionSample, type ReleasedFormat, singleRow } from "./released-row.js";
import { fieldError, type Row } from "./row.js";
import { answerOf, has, idOf, oneOf, textOf } from "./row-fields.js";

const instructions = ["instruction", "question", "prompt", "input"] as const;
const answers = ["output", "answer", "text", "response"] as const;

/**
 * JSON of one's own, where no other format's marks are found: `{ id?, instruction | question | prompt | input, output | answer | text | response, generator? }`. With a file
 * of questions, `id` stands for the instruction: the `{ id, text, generator }` that `import` writes.
 */
export const plain: ReleasedFormat = {
  title: "plain JSON",
  marks: `one of ${quoted(instructions)} with one of ${quoted(answers)}`,
  matches: ({ fields }) =>
    answers.some((name) => name in fields) && [...instructions, "id"].some((name) => name in fields),
  read: (row, context) => {
    const generator = context.generator(row, "generator");
    const text = answerOf(row, answerField(row));
    const field = oneOf(row, instructions);
    if (field !== null) {
      const instruction = textOf(row, field);
      const id = has(row, "id") ? idOf(row, "id") : context.contentId(instruction, generator);
      return singleRow(row, instructionSample(id, instruction), text, generator);
    }
    const hint = "Answers without their questions need the file that holds them: --questions FILE.";
    if (context.questions === null) throw fieldError(row, "instruction", `one of ${quoted(instructions)}`, hint);
    const sampleId = idOf(row, "id");
    const samples = context.questions.chatTo(sampleId);
    const sample = samples?.at(-1);
    if (samples === null || sample === undefined) {
      const omission = { sampleId, generator, reason: "no-such-question" } as const;
      return { place: row.place, samples: [], answers: [], omissions: [omission] };
    }
    return { ...singleRow(row, sample, text, generator), samples };
  },
};

/** The field of the answer; one that is null counts, since null says that there is none. */
function answerField(row: Row): string {
  const field = oneOf(row, answers) ?? answers.find((name) => name in row.fields);
  if (field === undefined) throw fieldError(row, "output", `one of ${quoted(answers)}, a text`);
  return field;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
