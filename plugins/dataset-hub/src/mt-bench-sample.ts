import type { Sample } from "@unshift/contracts";
import type { Row } from "./read-rows.js";
import { idOf, rowError, textsOf } from "./row-fields.js";

/**
 * The first turn of an MT-bench question. Its model answers stand in `reference` (first turn's only); the second turn needs the
 * system's own first answer, which a dataset cannot know, and is left out.
 */
export function mtBenchSample(row: Row): Sample {
  // The question file says question_id and turns; the copy on the hub prompt_id and prompt.
  const id = idOf(row, "question_id") ?? idOf(row, "prompt_id");
  if (id === null) throw rowError(row, 'there is neither "question_id" nor "prompt_id"');
  const [first] = textsOf(row, "turns" in row.columns ? "turns" : "prompt");
  if (first === undefined) throw rowError(row, 'there is no turn in "turns"');
  const [reference] = textsOf(row, "reference");
  const category = textsOf(row, "category");
  return {
    id,
    messages: [{ role: "user", content: first }],
    reference: reference === undefined || reference === "" ? [] : [reference],
    tags: category.length === 0 ? {} : { category },
  };
}
