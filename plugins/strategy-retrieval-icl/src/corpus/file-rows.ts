import { createReadStream } from "node:fs";
import { UnshiftError, type Where } from "@unshift/contracts";

/** A row of a corpus before it was looked at. */
export interface CorpusRow {
  readonly value: unknown;
  /** Absent where rows do not come from a file. */
  readonly where?: Where;
}

const [newline, openList, closeList, openObject, closeObject, quote, backslash, comma] = Buffer.from(
  '\n[]{}"\\,',
) as unknown as [number, number, number, number, number, number, number, number];

/**
 * Rows of a JSON or JSONL file one at a time: a list where the file opens with `[`, else one value a line; a byte order mark and
 * Windows line ends do not count. Never holds more than a row and a piece of the file.
 *
 * @throws DATASET_NOT_FOUND; DATASET_SYNTAX with the line (in a list, of the row's begin)
 */
export function fileRows(file: string, signal: AbortSignal): AsyncGenerator<CorpusRow> {
  return rowsOf(chunksOf(file, signal), file);
}

/** Rows of the bytes of a file, in whatever pieces they come. */
export async function* rowsOf(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<CorpusRow> {
  let splitter: LineSplitter | ListSplitter | undefined;
  let blankLines = 0;
  let bytes = 0;
  for await (const chunk of chunks) {
    let piece = bytes === 0 && chunk.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? chunk.subarray(3) : chunk;
    bytes += chunk.length;
    if (splitter === undefined) {
      const first = piece.findIndex((byte) => !isSpace(byte));
      const blank = first < 0 ? piece : piece.subarray(0, first);
      for (const byte of blank) if (byte === newline) blankLines += 1;
      if (first < 0) continue;
      piece = piece.subarray(first);
      splitter = piece[0] === openList ? new ListSplitter(file, blankLines + 1) : new LineSplitter(blankLines + 1);
    }
    for (const part of splitter.split(piece)) {
      const row = parsed(part, file);
      if (row !== null) yield row;
    }
  }
  for (const part of splitter?.end() ?? []) {
    const row = parsed(part, file);
    if (row !== null) yield row;
  }
}

async function* chunksOf(file: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { signal, highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (cause) {
    if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted while the corpus was read", { cause });
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnshiftError("DATASET_NOT_FOUND", `the corpus cannot be read (${reason}): ${file}`, {
      hint: "Paths are relative to the file that names them. `corpus: dataset` takes the train part of the experiment's dataset.",
      cause,
    });
  }
}

/** Bytes of a row and the line they begin on. */
interface Part {
  readonly bytes: Buffer;
  readonly line: number;
}

function parsed({ bytes, line }: Part, file: string): CorpusRow | null {
  const where = { file, line };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UnshiftError("DATASET_SYNTAX", "these bytes are not UTF-8", {
      where,
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
  if (text.trim() === "") return null;
  try {
    return { value: JSON.parse(text), where };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UnshiftError("DATASET_SYNTAX", `not JSON: ${said}`, {
      where,
      hint: "A JSONL file holds one object a line, a JSON file a list of them: { instruction, output }.",
      cause,
    });
  }
}

/** Cuts a file into its lines. */
class LineSplitter {
  #rest: Buffer[] = [];
  #line: number;

  constructor(line: number) {
    this.#line = line;
  }

  *split(chunk: Buffer): Generator<Part> {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      yield { bytes: joined(this.#rest, chunk.subarray(from, end)), line: this.#line };
      this.#rest = [];
      this.#line += 1;
      from = end + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
  }

  *end(): Generator<Part> {
    if (this.#rest.length > 0) yield { bytes: joined(this.#rest, Buffer.alloc(0)), line: this.#line };
  }
}

/** Cuts a JSON list into its elements. Only strings and brackets are followed; whether an element is JSON is JSON.parse's to say. */
class ListSplitter {
  readonly #file: string;
  #line: number;
  #rest: Buffer[] = [];
  /** Line of the current element's first visible byte; 0: none came yet. */
  #begin = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #elements = 0;
  #closed = false;

  constructor(file: string, line: number) {
    this.#file = file;
    this.#line = line;
  }

  *split(chunk: Buffer): Generator<Part> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === newline) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
        continue;
      }
      if (isSpace(byte)) continue;
      if (this.#closed) throw this.#fault("text behind the end of the list");
      const depth = this.#depth;
      if (byte === openList || byte === openObject) this.#depth += 1;
      if (byte === closeList || byte === closeObject) this.#depth -= 1;
      if (depth === 0) {
        from = at + 1;
        continue;
      }
      const ends = (depth === 1 && byte === comma) || this.#depth === 0;
      if (!ends) {
        if (this.#begin === 0) this.#begin = this.#line;
        if (byte === quote) this.#inString = true;
        continue;
      }
      this.#closed = this.#depth === 0;
      if (this.#begin > 0) {
        yield { bytes: joined(this.#rest, chunk.subarray(from, at)), line: this.#begin };
        this.#elements += 1;
      } else if (!this.#closed || this.#elements > 0) {
        throw this.#fault(`no value before "${String.fromCharCode(byte)}"`);
      }
      this.#rest = [];
      this.#begin = 0;
      from = at + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
  }

  // biome-ignore lint/correctness/useYield: a list gives its last element at its closing bracket
  *end(): Generator<Part> {
    if (!this.#closed) throw this.#fault("the list is not closed");
  }

  #fault(message: string): UnshiftError {
    return new UnshiftError("DATASET_SYNTAX", `not JSON: ${message}`, {
      where: { file: this.#file, line: this.#line },
    });
  }
}

function joined(before: readonly Buffer[], last: Buffer): Buffer {
  return before.length === 0 ? last : Buffer.concat([...before, last]);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
