import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import { detectFormat } from "./detect-format.js";
import type { Questions } from "./questions.js";
import { readRows } from "./read-rows.js";
import { type AnswerFormat, releasedFormats } from "./released-formats.js";
import type { ReleasedRow, RowContext } from "./released-row.js";
import { fieldError, rowError } from "./row.js";

export interface ReadOptions {
  /** Default: told by the first rows. */
  readonly format?: AnswerFormat | undefined;
  /** Who wrote the answers where the file does not say. Default: the file's name without its extension. */
  readonly generator?: string | undefined;
  /** For answers that do not hold their questions. */
  readonly questions?: Questions | undefined;
  readonly signal: AbortSignal;
}

/** An opened file of answers. Rows are read while they are asked for. */
export interface AnswerFile {
  readonly format: AnswerFormat;
  readonly rows: AsyncIterable<ReleasedRow>;
}

/**
 * Answers of a released file, row by row.
 *
 * @throws IMPORT_FORMAT, DATASET_NOT_FOUND, DATASET_EMPTY at once; DATASET_SYNTAX, DATASET_FIELD with file and row while read; ABORTED
 */
export async function readAnswers(file: string, options: ReadOptions): Promise<AnswerFile> {
  const format = options.format ?? (await detectFormat(file, options.signal));
  return { format, rows: releasedRows(file, format, options) };
}

async function* releasedRows(file: string, format: AnswerFormat, options: ReadOptions): AsyncGenerator<ReleasedRow> {
  const context = rowContext(options.generator ?? basename(file, extname(file)), options.questions ?? null);
  let withIds: boolean | null = null;
  for await (const row of readRows(file, options.signal)) {
    const withId = row.fields.id !== undefined && row.fields.id !== null;
    withIds ??= withId;
    if (format === "plain" && withId !== withIds) {
      throw rowError(
        row.place,
        withIds ? 'there is no "id", but the rows before have one' : 'there is an "id", but the rows before have none',
      );
    }
    yield releasedFormats[format].read(row, context);
  }
}

function rowContext(fallback: string, questions: Questions | null): RowContext {
  const asked = new Map<string, number>();
  return {
    questions,
    generator: (row, field) => {
      const value = row.fields[field];
      if (value === undefined || value === null || value === "") return fallback;
      if (typeof value === "string") return value;
      throw fieldError(row, field, "the name of who wrote the answer");
    },
    contentId: (instruction, generator) => {
      const id = contentId(instruction);
      const key = JSON.stringify([generator, id]);
      const times = (asked.get(key) ?? 0) + 1;
      asked.set(key, times);
      // A point, since "-2" is a second turn.
      return times === 1 ? id : `${id}.${times}`;
    },
  };
}

/** Twelve hexadecimal digits that stand for an instruction: those that the `files` dataset gives a sample without an id. */
function contentId(instruction: string): string {
  return createHash("sha256")
    .update(JSON.stringify([["user", instruction]]))
    .digest("hex")
    .slice(0, 12);
}
