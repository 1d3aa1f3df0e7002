import { UnshiftError } from "@unshift/contracts";
import { JsonElements } from "./json-elements.js";
import { defaultPieceBytes, readLines } from "./read-lines.js";
import { type Row, type RowPlace, rowError } from "./row.js";

/**
 * The objects of a JSON array or of JSON lines, told apart by the first character. One row is held at a time.
 *
 * @throws DATASET_SYNTAX, DATASET_FIELD where a row is no object, DATASET_EMPTY, DATASET_NOT_FOUND, ABORTED
 */
export async function* readRows(
  file: string,
  signal: AbortSignal,
  pieceBytes: number = defaultPieceBytes,
): AsyncGenerator<Row> {
  let elements: JsonElements | "lines" | null = null;
  let row = 0;
  let pending = "";
  for await (const piece of readLines(file, signal, pieceBytes)) {
    if (elements === null && piece.text.trim() === "") continue;
    elements ??= begin(file, piece.text.trimStart(), piece.number);
    if (elements === "lines") {
      pending += piece.text;
      if (!piece.ends) continue;
      const text = pending;
      pending = "";
      if (text.trim() === "") continue;
      row += 1;
      yield parse(text, { file, line: piece.number, row }, true);
    } else {
      for (const element of elements.push(piece)) {
        row += 1;
        yield parse(element.text, { file, line: element.line, row }, false);
      }
    }
  }
  if (elements instanceof JsonElements) elements.end();
  if (row === 0) throw new UnshiftError("DATASET_EMPTY", "the file holds no row", { where: { file } });
}

function begin(file: string, text: string, line: number): JsonElements | "lines" {
  if (text.startsWith("[")) return new JsonElements(file);
  if (text.startsWith("{")) return "lines";
  throw new UnshiftError("DATASET_SYNTAX", `not JSON: the file begins with ${JSON.stringify(text.slice(0, 20))}`, {
    where: { file, line },
    hint: "Wanted is an array of objects, or one object a line.",
  });
}

function parse(text: string, place: RowPlace, aLine: boolean): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw syntaxError(text, place, aLine, cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw rowError(
      place,
      `a row is an object, not ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}`,
    );
  }
  return { fields: value as Readonly<Record<string, unknown>>, place };
}

function syntaxError(text: string, place: RowPlace, aLine: boolean, cause: unknown): UnshiftError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const offset = /position (\d+)/.exec(message)?.[1];
  const before = offset === undefined ? "" : text.slice(0, Number(offset));
  const line = place.line + (before.match(/\n/g)?.length ?? 0);
  return new UnshiftError("DATASET_SYNTAX", `row ${place.row}: not JSON: ${message}`, {
    where: {
      file: place.file,
      line,
      ...(offset === undefined || !aLine ? {} : { column: Number(offset) + 1 }),
    },
    hint: aLine ? "Each line of a JSONL file holds one object; other files hold one array of objects." : undefined,
    cause,
  });
}
