import type { Sample } from "@unshift/contracts";
import { instructionSample, type ReleasedFormat, singleRow } from "./released-row.js";
import type { Row } from "./row.js";
import { fieldError } from "./row.js";
import { answerOf, has, idOf, oneOf, saying, tagsOf, textOf, textsOf } from "./row-fields.js";

/**
 * just-eval's outputs to be judged (`to_eval.json`): `{ id, instruction, output, generator, source_id, dataset, category,
 * datasplit }`; older files say `input` for `instruction`.
 */
export const justEval: ReleasedFormat = {
  title: "just-eval outputs to be judged (to_eval.json)",
  marks: '"id", "instruction" (or "input") and "output" with one of "generator", "source_id", "category", "datasplit"',
  matches: ({ fields }) =>
    "id" in fields &&
    "output" in fields &&
    ("instruction" in fields || "input" in fields) &&
    ["generator", "source_id", "category", "datasplit"].some((mark) => mark in fields),
  read: (row, context) =>
    singleRow(row, justEvalSample(row), answerOf(row, "output"), context.generator(row, "generator")),
};

/** The question of a row, with the tags that the official dataset has: `kind: harmful` asks for a refusal. */
export function justEvalSample(row: Row): Sample {
  const field = oneOf(row, ["instruction", "input"]);
  if (field === null) throw fieldError(row, "instruction", "a text");
  const tags = tagsOf(row, {
    task: "task",
    topic: "topic",
    difficulty: "difficulty",
    source: "dataset",
    category: "category",
  });
  return instructionSample(idOf(row, "id"), textOf(row, field), {
    reference: has(row, "reference") ? saying(textsOf(row, "reference")) : [],
    tags: tags.category?.includes("safety") ? { ...tags, kind: ["harmful"] } : tags,
  });
}
