import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { UnshiftError } from "@unshift/contracts";

/** A line, or a piece of one that is not read to its end. */
export interface LinePiece {
  readonly text: string;
  /** Of the line, from 1. */
  readonly number: number;
  /** Whether the line ends here. */
  readonly ends: boolean;
}

/** A file on one line may be larger than a text can be, so a line is not held until its end. */
export const defaultPieceBytes = 1 << 18;

/**
 * Lines of a UTF-8 file, in pieces of at most `pieceBytes`. Line feeds and a byte order mark are left out; a carriage return is
 * white space to JSON and stays.
 *
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX with the line where bytes are no UTF-8, ABORTED
 */
export async function* readLines(
  file: string,
  signal: AbortSignal,
  pieceBytes: number = defaultPieceBytes,
): AsyncGenerator<LinePiece> {
  let number = 1;
  let decoder: TextDecoder | null = null;
  const piece = (bytes: Uint8Array, ends: boolean): LinePiece => {
    decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: number > 1 });
    const text = decode(decoder, bytes, ends, { file, line: number });
    const found = { text, number, ends };
    if (ends) {
      decoder = null;
      number += 1;
    }
    return found;
  };
  try {
    for await (const chunk of createReadStream(file, { signal, highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        yield piece(chunk.subarray(from, end), true);
        from = end + 1;
      }
      if (from < chunk.length) yield piece(chunk.subarray(from), false);
    }
  } catch (error) {
    if (error instanceof UnshiftError) throw error;
    throw readFault(file, signal, error);
  }
  if (decoder !== null) yield piece(new Uint8Array(), true);
}

function decode(
  decoder: TextDecoder,
  bytes: Uint8Array,
  ends: boolean,
  where: { readonly file: string; readonly line: number },
): string {
  try {
    return decoder.decode(bytes, { stream: !ends });
  } catch (cause) {
    throw new UnshiftError("DATASET_SYNTAX", "these bytes are not UTF-8", {
      where,
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
}

function readFault(file: string, signal: AbortSignal, cause: unknown): UnshiftError {
  if (signal.aborted) return new UnshiftError("ABORTED", `interrupted while reading ${file}`, { cause });
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "the file does not exist",
    EISDIR: "the path names a folder; wanted is a file",
    EACCES: "the file may not be read",
  };
  return new UnshiftError("DATASET_NOT_FOUND", reasons[code] ?? `the file cannot be read (${code})`, {
    where: { file },
    cause,
  });
}
