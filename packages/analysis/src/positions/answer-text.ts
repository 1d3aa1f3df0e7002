import type { ShiftPositions } from "./shift-positions.js";

/** An answer's text rebuilt from its tokens. A piece is what came from one token, or a character from several. */
export interface AnswerText {
  readonly text: string;
  /** [pieces] where each begins in `text`, rising. */
  readonly offsets: readonly number[];
  /** [pieces] first and last position (0-based) the piece comes from. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const byteEscape = /\\x([0-9A-F]{2})/g;

/**
 * Joins token texts. Control tokens add nothing (`s` is not part of `</s>`). Tokens that are single bytes of a character appear as
 * `\xE2`; such bytes are put together again, so that the character belongs to all their positions.
 */
export function rebuildAnswer(positions: ShiftPositions, sample: number): AnswerText {
  const { columns, starts, shift } = positions;
  const from = starts[sample] as number;
  const to = starts[sample + 1] as number;
  const pieces = new Pieces();
  for (let row = from; row < to; row++) {
    const id = columns.tokenId[row] as number;
    if (shift.specialIds.has(id)) continue;
    const text = columns.tokenText.get(id) ?? "";
    const position = row - from;
    if (text.includes("\\x")) appendEscaped(pieces, text, position);
    else pieces.append(text, position);
  }
  pieces.endBytes();
  return pieces;
}

/** Index of the piece that holds a UTF-16 unit of the text. */
export function pieceAt({ offsets }: AnswerText, unit: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] as number) <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function appendEscaped(pieces: Pieces, text: string, position: number): void {
  let read = 0;
  for (const match of text.matchAll(byteEscape)) {
    pieces.append(text.slice(read, match.index), position);
    pieces.appendByte(Number.parseInt(match[1] as string, 16), position);
    read = match.index + match[0].length;
  }
  pieces.append(text.slice(read), position);
}

class Pieces implements AnswerText {
  text = "";
  readonly offsets: number[] = [];
  readonly first: number[] = [];
  readonly last: number[] = [];
  /** Bytes of a character that is not whole yet, and the positions they come from. */
  #bytes: number[] = [];
  #bytesFirst = 0;
  #bytesLast = 0;

  append(text: string, position: number): void {
    if (text === "") return;
    this.endBytes();
    this.#push(text, position, position);
  }

  appendByte(byte: number, position: number): void {
    if (this.#bytes.length === 0) this.#bytesFirst = position;
    this.#bytes.push(byte);
    this.#bytesLast = position;
    const character = decode(this.#bytes);
    if (character === null) return;
    this.#bytes = [];
    this.#push(character, this.#bytesFirst, position);
  }

  /** Bytes that never became a character stand as one replacement character. */
  endBytes(): void {
    if (this.#bytes.length === 0) return;
    this.#bytes = [];
    this.#push("\uFFFD", this.#bytesFirst, this.#bytesLast);
  }

  #push(text: string, first: number, last: number): void {
    this.offsets.push(this.text.length);
    this.first.push(first);
    this.last.push(last);
    this.text += text;
  }
}

function decode(bytes: readonly number[]): string | null {
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    // Not a whole character yet.
    return null;
  }
}
