import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";

/** Reference answers by question id, a text a turn. */
export interface References {
  readonly sha256: string;
  /** Of all turns up to this one, counted from 1; null where there is none for it. */
  turns(questionId: string, turn: number): readonly string[] | null;
}

/**
 * FastChat's reference_answer files: JSON lines of `{ question_id, choices: [{ turns: [text, …] }] }`.
 *
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID with file and line
 */
export async function readReferences(path: string, context: PluginContext): Promise<References> {
  const file = context.resolvePath(path);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new UnshiftError("DATASET_NOT_FOUND", "the reference answers cannot be read", { where: { file }, cause });
  }
  const answers = new Map<string, readonly string[]>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = { file, line: index + 1 };
    const { id, turns } = referenceOf(line, where);
    if (answers.has(id)) {
      throw new UnshiftError("DATASET_DUPLICATE_ID", `question ${id} has two reference answers`, { where });
    }
    answers.set(id, turns);
  }
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    turns: (questionId, turn) => {
      const turns = answers.get(questionId);
      return turns === undefined || turns.length < turn ? null : turns.slice(0, turn);
    },
  };
}

function referenceOf(line: string, where: { readonly file: string; readonly line: number }) {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw new UnshiftError("DATASET_SYNTAX", "not JSON", { where, cause, hint: "Wanted is one object a line." });
  }
  const { question_id: id, choices } = (row ?? {}) as Record<string, unknown>;
  const [choice] = (Array.isArray(choices) ? choices : []) as readonly unknown[];
  const turns = (choice as { readonly turns?: unknown } | null | undefined)?.turns;
  if ((typeof id !== "number" && typeof id !== "string") || !isTexts(turns)) {
    throw new UnshiftError("DATASET_FIELD", "wanted are question_id and choices: [{ turns: [text, …] }]", { where });
  }
  return { id: String(id), turns };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}
