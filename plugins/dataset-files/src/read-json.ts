import { readLines } from "./read-lines.js";
import { jsonErrorOffset, type Row, rowError } from "./row.js";

/** A JSON array of rows, each placed at the line it begins on. */
export async function* readJson(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  const read: string[] = [];
  for await (const line of readLines(file, signal)) read.push(line.text);
  const text = read.join("\n");
  if (text.trim() === "") return;
  const start = text.search(/\S/);
  const lines = new LineCounter(text);
  if (text[start] !== "[") {
    throw rowError("DATASET_SYNTAX", { file, line: lines.at(start) }, "a JSON dataset is an array of samples", {
      hint: "For one object a line, name the file .jsonl or set format: jsonl.",
    });
  }
  for (const { from, to } of elements(text, start + 1, file, lines)) {
    const place = { file, line: lines.at(from) };
    let value: unknown;
    try {
      value = JSON.parse(text.slice(from, to));
    } catch (cause) {
      const offset = jsonErrorOffset(cause);
      const line = offset === undefined ? place.line : lines.at(from + offset);
      throw rowError(
        "DATASET_SYNTAX",
        { file, line },
        `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          ...(offset === undefined ? {} : { column: from + offset - text.lastIndexOf("\n", from + offset - 1) }),
          cause,
        },
      );
    }
    yield { value, place };
  }
}

/**
 * Slices of an array's elements: JSON.parse tells no line, and two rows with one id want both. Only strings and brackets are
 * followed; whether an element is JSON is JSON.parse's to say.
 */
function* elements(
  text: string,
  start: number,
  file: string,
  lines: LineCounter,
): Generator<{ readonly from: number; readonly to: number }> {
  let depth = 0;
  let inString = false;
  let from = start;
  let seen = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === "[" || char === "{") {
      depth += 1;
    } else if (depth > 0 && (char === "]" || char === "}")) {
      depth -= 1;
    } else if (depth === 0 && (char === "," || char === "]")) {
      const blank = text.slice(from, at).trim() === "";
      if (!blank || char === "," || seen > 0) {
        if (blank)
          throw rowError("DATASET_SYNTAX", { file, line: lines.at(at) }, `not JSON: no value before "${char}"`);
        yield { from: from + text.slice(from, at).search(/\S/), to: at };
        seen += 1;
      }
      from = at + 1;
      if (char === "]") {
        const after = text.slice(at + 1).search(/\S/);
        if (after >= 0)
          throw rowError(
            "DATASET_SYNTAX",
            { file, line: lines.at(at + 1 + after) },
            "not JSON: text behind the end of the array",
          );
        return;
      }
    }
  }
  throw rowError("DATASET_SYNTAX", { file, line: lines.at(text.length) }, "not JSON: the array is not closed");
}

/** Line of an offset, from 1. Offsets asked for rise, so counting goes on where it stood. */
class LineCounter {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    for (
      let end = this.#text.indexOf("\n", this.#offset);
      end >= 0 && end < offset;
      end = this.#text.indexOf("\n", end + 1)
    ) {
      this.#line += 1;
      this.#offset = end + 1;
    }
    return this.#line;
  }
}
