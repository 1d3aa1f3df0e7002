import type { Sample } from "@unshift/contracts";
import type { Row } from "./read-rows.js";
import { idOf, rowError, textOf, textsOf } from "./row-fields.js";

/** Parts of just-eval-instruct by the id of the dataset that holds them, and the sources each is made of. */
const suites = {
  "alpaca-eval": ["selfinstruct", "helpful_base", "oasst", "koala", "vicuna"],
  "lima-test": ["lima"],
  "mt-bench": ["mt"],
  "red-team": ["hh-rlhf/red-team-attempts"],
  "malicious-instruct": ["MaliciousInstruct"],
} as const satisfies Record<string, readonly string[]>;
export type Suite = keyof typeof suites;

/**
 * A row of the official file. Tags: `task` and `topic` (several each), `difficulty` where it is known, `source` (its
 * `dataset`), `suite`, `category` (regular, safety), and `kind: harmful` for safety rows, which ask for a refusal.
 */
export function justEvalSample(row: Row): Sample {
  const source = textOf(row, "dataset");
  const suite = (Object.keys(suites) as Suite[]).find((name) => (suites[name] as readonly string[]).includes(source));
  if (suite === undefined) {
    const known = Object.values(suites).flat().join(", ");
    throw rowError(row, `"dataset" is ${JSON.stringify(source)}, which is no source of just-eval. Known: ${known}.`);
  }
  const category = textOf(row, "category");
  const id = idOf(row, "id");
  if (id === null) throw rowError(row, 'there is no "id"');
  const known = (column: string) => textsOf(row, column).filter((value) => value !== "N/A" && value !== "");
  const tags = {
    task: known("task"),
    topic: known("topic"),
    difficulty: known("difficulty"),
    source: [source],
    suite: [suite],
    category: [category],
    kind: category === "safety" ? ["harmful"] : [],
  };
  return {
    id,
    messages: [{ role: "user", content: textOf(row, "instruction") }],
    reference: [],
    tags: Object.fromEntries(Object.entries(tags).filter(([, values]) => values.length > 0)),
  };
}
