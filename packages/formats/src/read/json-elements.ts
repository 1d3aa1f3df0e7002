import { UnshiftError } from "@unshift/contracts";
import type { LinePiece } from "./read-lines.js";

/** The text of one element of an array, and the line it begins on. */
export interface JsonElement {
  readonly text: string;
  readonly line: number;
}

/**
 * Cuts a JSON array into its elements while it arrives: only the element at hand is held, whatever the size of the file, and each
 * keeps its line. Only strings and brackets are followed; whether an element is JSON is JSON.parse's to say.
 */
export class JsonElements {
  readonly #file: string;
  #state: "before" | "inside" | "after" = "before";
  #depth = 0;
  /** Within a string; `escaped`: behind a backslash that ended a piece. */
  #string: "no" | "yes" | "escaped" = "no";
  #elements = 0;
  #text = "";
  /** Line the element at hand begins on. */
  #line = 0;
  #lastLine = 1;

  constructor(file: string) {
    this.#file = file;
  }

  /** Elements that end in this piece. The first piece holds the opening bracket. @throws DATASET_SYNTAX */
  push({ text, number, ends }: LinePiece): JsonElement[] {
    const found: JsonElement[] = [];
    let from = 0;
    this.#lastLine = number;
    if (this.#state === "before") {
      from = text.indexOf("[") + 1;
      this.#state = "inside";
    }
    let at = this.#string === "no" ? from : this.#behindString(text, from);
    while (this.#state === "inside" && this.#string === "no") {
      const hit = next(text, at, /["[\]{},]/g);
      if (hit === null) break;
      at = hit.at + 1;
      if (hit.char === '"') {
        this.#string = "yes";
        at = this.#behindString(text, at);
      } else if (hit.char === "[" || hit.char === "{") this.#depth += 1;
      else if (this.#depth > 0 && hit.char !== ",") this.#depth -= 1;
      else if (this.#depth === 0) {
        this.#keep(text.slice(from, hit.at), number);
        this.#close(hit.char, number, found);
        from = at;
      }
    }
    if (ends && this.#string !== "no") throw this.#error("a text is not closed on its line", number);
    if (this.#state === "inside") this.#keep(text.slice(from) + (ends ? "\n" : ""), number);
    else if (text.slice(from).trim() !== "") throw this.#error("there is text behind the end of the array", number);
    return found;
  }

  /** Nothing is left. @throws DATASET_SYNTAX where the array is not closed */
  end(): void {
    if (this.#state !== "after") throw this.#error("the array is not closed", this.#lastLine);
  }

  #keep(text: string, line: number): void {
    if (this.#text === "") {
      if (text.trim() === "") return;
      this.#line = line;
    }
    this.#text += text;
  }

  #close(char: string, line: number, found: JsonElement[]): void {
    if (this.#text !== "") found.push({ text: this.#text, line: this.#line });
    else if (char === "," || this.#elements > 0) {
      throw this.#error(`there is no value before ${JSON.stringify(char)}`, line);
    }
    this.#elements += 1;
    this.#text = "";
    if (char === "]") this.#state = "after";
    else if (char === "}") throw this.#error('a "}" closes nothing', line);
  }

  /** Where the string ends that `start` lies in; the end of the piece where it goes on. */
  #behindString(text: string, start: number): number {
    let at = this.#string === "escaped" ? start + 1 : start;
    this.#string = "yes";
    while (at < text.length) {
      const hit = next(text, at, /["\\]/g);
      if (hit === null) break;
      if (hit.char === '"') {
        this.#string = "no";
        return hit.at + 1;
      }
      at = hit.at + 2;
      if (at > text.length) this.#string = "escaped";
    }
    return text.length;
  }

  #error(message: string, line: number): UnshiftError {
    return new UnshiftError("DATASET_SYNTAX", `not JSON: ${message}`, { where: { file: this.#file, line } });
  }
}

function next(text: string, from: number, pattern: RegExp): { readonly at: number; readonly char: string } | null {
  pattern.lastIndex = from;
  const hit = pattern.exec(text);
  return hit === null ? null : { at: hit.index, char: hit[0] };
}
