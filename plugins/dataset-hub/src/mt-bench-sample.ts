import type { Sample } from "@unshift/contracts";
import type { Row } from "./read-rows.js";
import { idOf, rowError, textsOf } from "./row-fields.js";

/**
 * The turns of an MT-bench question: the first one under the question's id, the second as `ID-2`, which follows it. Both carry its
 * `category`, and `turn`. The model answers in its column `reference` are whole answers, not statements a right answer must hold,
 * so they are no references here.
 *
 * @param turns how many are asked
 */
export function mtBenchSamples(row: Row, turns: 1 | 2): readonly Sample[] {
  // The question file says question_id and turns; the copy on the hub prompt_id and prompt.
  const id = idOf(row, "question_id") ?? idOf(row, "prompt_id");
  if (id === null) throw rowError(row, 'there is neither "question_id" nor "prompt_id"');
  const column = "turns" in row.columns ? "turns" : "prompt";
  const questions = textsOf(row, column).slice(0, turns);
  if (questions.length < turns) {
    throw rowError(row, `"${column}" holds ${questions.length} of the ${turns} turns that are asked`);
  }
  const category = textsOf(row, "category");
  return questions.map((content, index) => ({
    id: index === 0 ? id : `${id}-${index + 1}`,
    messages: [{ role: "user", content }],
    ...(index === 0 ? {} : { follows: id }),
    reference: [],
    tags: { ...(category.length === 0 ? {} : { category }), turn: [String(index + 1)] },
  }));
}
