import { UnshiftError } from "@unshift/contracts";
import type { Omission, ReleasedAnswer, ReleasedFormat } from "./released-row.js";
import { fieldError, type Row, rowError } from "./row.js";
import { idOf } from "./row-fields.js";

/**
 * MT-bench's model answers: `{ question_id, answer_id, model_id, choices: [{ index, turns: [text, …] }], tstamp }`. The questions
 * stand in a file of their own. The first choice is read.
 */
export const mtBench: ReleasedFormat = {
  title: "MT-bench model answers; needs --questions question.jsonl",
  marks: '"question_id" and "choices"',
  matches: ({ fields }) => "question_id" in fields && "choices" in fields,
  read: (row, context) => {
    const id = idOf(row, "question_id");
    const generator = context.generator(row, "model_id");
    const [turns, further] = turnsOf(row);
    const omission = (sampleId: string, reason: Omission["reason"]): Omission => ({ sampleId, generator, reason });
    if (context.questions === null) {
      throw new UnshiftError("IMPORT_FORMAT", "MT-bench answers do not hold their questions", {
        where: { file: row.place.file, line: row.place.line },
        hint: "Give the file that does: --questions question.jsonl.",
      });
    }
    const samples = context.questions.turns(id);
    if (samples === null) {
      return { place: row.place, samples: [], answers: [], omissions: [omission(id, "no-such-question")] };
    }
    if (turns.length > samples.length) {
      throw rowError(row.place, `question ${id} has ${samples.length} turns, but ${turns.length} are answered`);
    }
    const answers: ReleasedAnswer[] = [];
    const omissions = Array.from({ length: further }, () => omission(id, "further-answer"));
    for (const [turn, { id: sampleId }] of samples.entries()) {
      const text = turns[turn] ?? null;
      if (text === null) omissions.push(omission(sampleId, "no-answer"));
      else if (answers.length < turn) omissions.push(omission(sampleId, "turn-before-unanswered"));
      else answers.push({ sampleId, generator, text });
    }
    return { place: row.place, samples, answers, omissions };
  },
};

/** The turns of the first choice, and how many further choices there are. */
function turnsOf(row: Row): readonly [readonly (string | null)[], number] {
  const wanted = 'a list of { "index", "turns": [text, …] }';
  const choices = row.fields.choices;
  if (!Array.isArray(choices)) throw fieldError(row, "choices", wanted);
  const [choice, ...further]: readonly unknown[] = choices;
  if (choice === undefined) return [[], 0];
  if (typeof choice !== "object" || choice === null || !("turns" in choice) || !Array.isArray(choice.turns)) {
    throw fieldError(row, "choices", wanted);
  }
  const turns = choice.turns.map((turn: unknown) => {
    if (turn === null || typeof turn === "string") return turn;
    throw fieldError(row, "choices", wanted);
  });
  return [turns, further.length];
}
