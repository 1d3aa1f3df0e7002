import { type Example, normalisedInstruction, type Sample } from "@unshift/contracts";
import type { DataFiles } from "./data-file.js";
import { type Row, readRows } from "./read-rows.js";
import { idOf, messagesOf, rowError, textOf } from "./row-fields.js";

/** Columns of question–answer pairs, where they are not `instruction`, `output` and `input`. */
export interface TrainFields {
  readonly id?: string;
  readonly instruction?: string;
  readonly output?: string;
  readonly input?: string;
  /** A chat, in place of instruction and output: its first question and the answer to it. */
  readonly messages?: string;
}

/** The train part of a dataset: files of rows, and where their columns are. */
export interface TrainRows {
  readonly files: DataFiles;
  readonly fields: TrainFields;
  readonly warn: (message: string) => void;
}

/**
 * The examples of a train part. Left out, and told in the log: rows with a text in `input` (the question alone is not the whole
 * task; the paper leaves them out too), chats that no assistant answers, and rows that ask what a sample asks.
 *
 * @throws DATASET_FIELD, DATASET_SYNTAX, DATASET_DUPLICATE_ID with file and line or row
 */
export async function* trainExamples(
  { files, fields, warn }: TrainRows,
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  signal: AbortSignal,
): AsyncGenerator<Example> {
  const asked = new Set<string>();
  for await (const { messages } of samples)
    for (const { role, content } of messages) if (role === "user") asked.add(normalisedInstruction(content));
  const ids = new Set<string>();
  const leftOut = { incomplete: 0, sample: 0 };
  let number = 0;
  for (const path of files.paths) {
    for await (const row of readRows(path, signal)) {
      number += 1;
      const id = fields.id === undefined ? String(number) : idOf(row, fields.id);
      if (id === null) throw rowError(row, `there is no column "${fields.id}" for the id`);
      if (ids.has(id)) throw rowError(row, `the id "${id}" stands there already`, "DATASET_DUPLICATE_ID");
      ids.add(id);
      const pair = fields.messages === undefined ? pairOf(row, fields) : chatPair(row, fields.messages);
      if (pair === null) leftOut.incomplete += 1;
      else if (asked.has(normalisedInstruction(pair.instruction))) leftOut.sample += 1;
      else yield { id, ...pair };
    }
  }
  if (leftOut.incomplete + leftOut.sample > 0) {
    warn(
      `the train part: ${number} rows; left out ${leftOut.incomplete} that are no question with its answer alone and ${leftOut.sample} that ask what a sample asks`,
    );
  }
}

type Pair = Pick<Example, "instruction" | "output">;

function pairOf(row: Row, fields: TrainFields): Pair | null {
  const pair = {
    instruction: textOf(row, fields.instruction ?? "instruction"),
    output: textOf(row, fields.output ?? "output"),
  };
  const input = row.columns[fields.input ?? "input"];
  return input === undefined || input === null || String(input).trim() === "" ? pair : null;
}

function chatPair(row: Row, column: string): Pair | null {
  const chat = messagesOf(row, column);
  const at = chat.findIndex(({ role }) => role === "user");
  const [question, answer] = [chat[at], chat[at + 1]];
  if (question === undefined || answer?.role !== "assistant") return null;
  return { instruction: question.content, output: answer.content };
}
