/** A value as it was written; of an object every entry, also where a key stands there twice. */
export type Written = string | number | boolean | null | WrittenList | WrittenObject;

export interface WrittenList {
  readonly kind: "list";
  readonly items: readonly Written[];
}

export interface WrittenObject {
  readonly kind: "object";
  readonly entries: readonly (readonly [string, Written])[];
}

/** A value read from the middle of a text. */
export interface FoundValue {
  readonly value: WrittenObject;
  /** Index behind it. */
  readonly end: number;
  /** The text ended before the object did. */
  readonly open: boolean;
  /** What is no JSON in it, each once. */
  readonly repairs: readonly string[];
}

/** Replies nest three deep; more is no reply, and must not cost the stack. */
const deepest = 12;

const blank = /\s*/y;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*(?:[,}\]]|\/\/|\/\*|$))/y;
const literal = /(?:true|false|null)(?=\s*(?:[,}\]]|\/\/|\/\*|$))/y;
const bareKey = /[\p{L}_][\p{L}\p{N}_ -]{0,60}?(?=\s*:)/uy;
/** Behind a text that is a value: the next key, so that a comma or a quote before it belongs to the form. */
const nextKey = /["'“][^"'“”\\\n]{1,200}?["'”]\s*:|"(?:[^"\\\n]|\\.){0,200}"\s*:/uy;
const nextBareKey = /[\p{L}_][\p{L}\p{N}_-]{0,60}\s*:/uy;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads the object that begins at `start`, as models write JSON: single or curly quotes, unescaped quotes and line breaks in
 * texts, back-slashes that escape nothing (LaTeX), trailing and missing commas, comments, keys without quotes, bare words. Valid
 * JSON is read as it stands, without a repair.
 *
 * @param cut the text was cut off, so a number at its very end may lack digits and is not read
 * @returns null where no object can be made out
 */
export function readObject(text: string, start: number, cut = false): FoundValue | null {
  const reader = new Reader(text, start, cut);
  try {
    const value = reader.object(0);
    return { value, end: reader.at, open: reader.open, repairs: [...reader.repairs] };
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

class NotJson extends Error {}

class Reader {
  at: number;
  open = false;
  readonly repairs = new Set<string>();
  /** A comma stood behind the last value. */
  private separated = false;
  /** Keys stand without quotes here, so a word and a colon may be one. */
  private bareKeys = false;

  constructor(
    private readonly text: string,
    start: number,
    private readonly cut: boolean,
  ) {
    this.at = start;
  }

  object(depth: number): WrittenObject {
    if (depth > deepest) throw new NotJson("too deep");
    const entries: (readonly [string, Written])[] = [];
    this.at += 1;
    for (;;) {
      this.gap();
      if (this.ended()) break;
      if (this.take("}")) {
        if (this.separated && entries.length > 0) this.repairs.add("a trailing comma");
        break;
      }
      if (entries.length > 0 && !this.separated) this.repairs.add("a missing comma");
      const key = this.key();
      this.gap();
      if (this.ended()) break;
      if (!this.take(":")) throw new NotJson("no colon");
      this.gap();
      if (this.ended()) break;
      const value = this.value(depth, false);
      if (value === undefined) break;
      entries.push([key, value]);
      this.separator();
    }
    return { kind: "object", entries };
  }

  private separator(): void {
    this.gap();
    this.separated = this.take(",");
  }

  private list(depth: number): WrittenList {
    if (depth > deepest) throw new NotJson("too deep");
    const items: Written[] = [];
    this.at += 1;
    this.separated = false;
    for (;;) {
      this.gap();
      if (this.ended()) break;
      if (this.take("]")) {
        if (this.separated && items.length > 0) this.repairs.add("a trailing comma");
        break;
      }
      if (items.length > 0 && !this.separated) throw new NotJson("no comma in a list");
      const value = this.value(depth, true);
      if (value === undefined) break;
      items.push(value);
      this.separator();
    }
    return { kind: "list", items };
  }

  /** undefined: the text ended in it, and what stands there is not the whole of it. */
  private value(depth: number, inList: boolean): Written | undefined {
    const first = this.text[this.at] ?? "";
    if (first === "{") return this.object(depth + 1);
    if (first === "[") return this.list(depth + 1);
    if (opens(first)) return this.string(first, inList);
    const digits = this.match(number);
    if (digits !== null) {
      return this.cut && this.at >= this.text.length ? undefined : Number(digits);
    }
    const word = this.match(literal);
    if (word !== null) return word === "null" ? null : word === "true";
    return this.bare();
  }

  private key(): string {
    const first = this.text[this.at] ?? "";
    if (opens(first)) {
      const key = this.string(first, false, true);
      if (key === undefined) throw new NotJson("a key that is not closed");
      return key;
    }
    const bare = this.match(bareKey);
    if (bare === null) throw new NotJson("no key");
    this.repairs.add("a key without quotes");
    this.bareKeys = true;
    return bare;
  }

  private string(quote: string, inList: boolean, isKey = false): string | undefined {
    const close = closing(quote);
    if (quote !== '"') this.repairs.add(quote === "'" ? "single quotes" : "curly quotes");
    let read = "";
    let from = this.at + 1;
    for (let at = from; at < this.text.length; at += 1) {
      const char = this.text[at] ?? "";
      if (char === "\\") {
        const [escaped, length] = this.escape(at);
        read += this.text.slice(from, at) + escaped;
        at += length - 1;
        from = at + 1;
      } else if (close.includes(char)) {
        if (this.ends(at + 1, inList, isKey)) {
          this.at = at + 1;
          return read + this.text.slice(from, at);
        }
        // Texts are written without escaping, keys never: what looks like one began behind a quote of a text.
        if (isKey) throw new NotJson("a quote within a key");
        this.repairs.add("a quote within a text");
      } else if (char < " ") {
        this.repairs.add("a line break within a text");
      }
    }
    this.at = this.text.length;
    return undefined;
  }

  /** What an escape stands for, and its length. A back-slash that escapes nothing is one. */
  private escape(at: number): readonly [string, number] {
    const next = this.text[at + 1] ?? "";
    const known = escapes[next];
    if (known !== undefined && Object.hasOwn(escapes, next)) return [known, 2];
    const code = next === "u" ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(at + 2, at + 6)) : null;
    if (code !== null) return [String.fromCharCode(Number.parseInt(code[0], 16)), 6];
    this.repairs.add("a back-slash that escapes nothing");
    return next === "'" ? ["'", 2] : ["\\", 1];
  }

  /** Whether a quote ends its text: what follows is the form, not more of the text. */
  private ends(behind: number, inList: boolean, isKey: boolean): boolean {
    const before = this.at;
    this.at = behind;
    this.gap();
    const at = this.at;
    this.at = before;
    const next = this.text[at];
    if (isKey) return next === ":" || next === undefined;
    if (next === undefined || next === "}" || next === "]") return true;
    if (inList) return next === ",";
    return next === "," ? this.keyAt(at + 1) : this.keyAt(behind);
  }

  private keyAt(at: number): boolean {
    const before = this.at;
    this.at = at;
    this.gap();
    const next = this.text[this.at];
    const found =
      next === undefined ||
      next === "}" ||
      this.match(nextKey) !== null ||
      (this.bareKeys && this.match(nextBareKey) !== null);
    this.at = before;
    return found;
  }

  /** A word or two without quotes: `N/A`, `4/5`, `four`. */
  private bare(): string | undefined {
    const end = /[,}\]\n]/g;
    end.lastIndex = this.at;
    const stop = end.exec(this.text.slice(0, this.at + 120));
    if (stop === null) {
      if (this.text.length - this.at > 100) throw new NotJson("no value");
      this.at = this.text.length;
      return undefined;
    }
    const text = this.text.slice(this.at, stop.index).trim();
    if (text === "" || /[{[:"]/.test(text)) throw new NotJson("no value");
    this.at = stop.index;
    this.repairs.add("a value without quotes");
    return text;
  }

  private gap(): void {
    for (;;) {
      this.match(blank);
      if (this.match(comment) === null) return;
      this.repairs.add("a comment");
    }
  }

  private ended(): boolean {
    if (this.at < this.text.length) return false;
    this.open = true;
    this.repairs.add(openEnd);
    return true;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found === null) return null;
    this.at += found.length;
    return found;
  }
}

const openEnd = "an object that is not closed";
const opens = (char: string): boolean => char === '"' || char === "'" || char === "“" || char === "”";
const closing = (quote: string): string => (quote === "“" || quote === "”" ? '”“"' : quote);
