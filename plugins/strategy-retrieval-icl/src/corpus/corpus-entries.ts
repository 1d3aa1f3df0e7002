import { type Example, normalisedInstruction, UnshiftError, type Where } from "@unshift/contracts";
import type { CorpusRow } from "./file-rows.js";
import { Fingerprints } from "./fingerprints.js";

/** Why a row of a corpus is never shown. */
type LeftOut = "empty" | "withInput" | "duplicate";

/** A row that was looked at. */
export interface Entry extends Example {
  readonly leftOut: LeftOut | null;
  /** Index among the entries kept; of a duplicate that of the entry before it; else −1. */
  readonly row: number;
}

/**
 * Looks at the rows of a corpus: `{ instruction, output, id?, input? }`. Left out are rows with an empty text, with an instruction
 * that stood before, and with an input of their own (paper §2). `questions` gets the normalised instructions of those kept.
 *
 * @throws DATASET_FIELD, DATASET_DUPLICATE_ID with file and line
 */
export async function* corpusEntries(
  rows: AsyncIterable<CorpusRow>,
  questions: Fingerprints = new Fingerprints(),
): AsyncGenerator<Entry> {
  const ids = new Fingerprints();
  let number = 0;
  let kept = 0;
  for await (const { value, where } of rows) {
    number += 1;
    const example = exampleOf(value, number, where);
    if (ids.add(example.id, number) >= 0) {
      throw new UnshiftError(
        "DATASET_DUPLICATE_ID",
        `row ${number}: a second row has the id ${JSON.stringify(example.id)}`,
        {
          where,
          hint: "Ids name the examples a prompt shows, so each is given once. Rows without an id are numbered from 1.",
        },
      );
    }
    if (example.instruction.trim() === "" || example.output.trim() === "")
      yield { ...example, leftOut: "empty", row: -1 };
    else if (hasInput(value)) yield { ...example, leftOut: "withInput", row: -1 };
    else {
      const before = questions.add(normalisedInstruction(example.instruction), kept);
      if (before >= 0) yield { ...example, leftOut: "duplicate", row: before };
      else {
        yield { ...example, leftOut: null, row: kept };
        kept += 1;
      }
    }
  }
}

function exampleOf(value: unknown, number: number, where: Where | undefined): Example {
  const fault = (message: string) =>
    new UnshiftError("DATASET_FIELD", `row ${number}${message}`, {
      where,
      hint: "A row of a corpus is { instruction, output }, with an id and an input if it has them.",
    });
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(" is not an object");
  const field = (name: string): string => {
    const found: unknown = Reflect.get(value, name);
    if (typeof found === "string") return found;
    const is =
      found === undefined
        ? "missing"
        : `${found === null ? "null" : Array.isArray(found) ? "a list" : typeof found}, not a text`;
    throw fault(`: "${name}" is ${is}`);
  };
  const id: unknown = Reflect.get(value, "id") ?? number;
  if (typeof id !== "string" && typeof id !== "number") throw fault(': "id" is neither a text nor a number');
  return { id: String(id), instruction: field("instruction"), output: field("output") };
}

/** An input of its own: neither blank nor one of the words that instruction sets write for none. */
function hasInput(value: unknown): boolean {
  const input: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "input") : undefined;
  if (input === undefined || input === null) return false;
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return !["", "[]", "{}", "<noinput>", "noinput", "no input", "none", "n/a"].includes(text.trim().toLowerCase());
}
