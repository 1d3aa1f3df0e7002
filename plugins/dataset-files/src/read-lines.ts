import { createReadStream } from "node:fs";
import { rowError } from "./row.js";

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * Lines of a UTF-8 file, one at a time: a file may be larger than memory. Ends of lines (`\n`, `\r\n`) and a byte order mark
 * are left out.
 *
 * @throws DATASET_SYNTAX with the line where bytes are no UTF-8
 */
export async function* readLines(file: string, signal: AbortSignal): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let number = 1;
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield { text: decode([...rest, chunk.subarray(from, end)], file, number), number };
      rest = [];
      from = end + 1;
      number += 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield { text: decode(rest, file, number), number };
}

function decode(parts: readonly Buffer[], file: string, line: number): string {
  const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: line > 1 }).decode(bytes);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  } catch (cause) {
    throw rowError("DATASET_SYNTAX", { file, line }, "these bytes are not UTF-8", {
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
}
