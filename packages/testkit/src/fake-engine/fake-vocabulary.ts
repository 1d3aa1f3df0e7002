import { createHash } from "node:crypto";
import type { TokenView } from "@unshift/contracts/services";

/** Control tokens and their ids. */
export const fakeControls = ["<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"] as const;
export const fakeBos = 0;
export const fakeEos = 1;
/** Both end a generation. */
export const fakeEnds: ReadonlySet<number> = new Set([fakeEos, fakeControls.indexOf("<|end|>")]);
/** First of the 256 byte tokens, which make every text spellable. */
export const firstByteId = fakeControls.length;
export const firstPieceId = firstByteId + 256;

/** Chat template whose turns are spelled with {@link fakeControls}. */
export const fakeChatTemplate =
  "{{ bos_token }}{% for message in messages %}{{ '<|' + message.role + '|>\\n' + message.content + '<|end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

// biome-ignore format: one list, read as one
const pieces = [
  "# ", "Query", "Answer", ":", "\n", "\n\n", "```", "```\n", "\n```\n", ".", ",", "?", "!", " -", "1.", "2.", "3.",
  "The", " the", " a", " an", " of", " to", " and", " is", " are", " was", " in", " on", " it", " you", " I", " can",
  "Hello", " Sure", " Thank", " However", " Remember", " sorry", " cannot", " help", " please", " question",
  " answer", " capital", " city", " river", " country", " planet", " star", " animal", " stone", " metal", " water",
  " Paris", " France", " Mars", " Danube", " gold", " iron", " tiger", " whale", " oak", " violin", " known",
  " large", " small", " old", " first", " second", " many", " few", " near", " far", " north", " south", "ing", "ed",
  "s", "es", "é", " café", "日", "本", "🙂",
];

/** Texts are handled as their UTF-8 bytes, one `latin1` character each. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A vocabulary of 6 control tokens, 256 bytes and some 80 pieces. Texts are cut greedily, longest token first; cutting text is
 * what real tokenizers do badly at seams, and so does this one (`"ing"` is one id, `"in"` + `"g"` two).
 */
export class FakeVocabulary {
  /** [v] bytes of each id as latin1. */
  readonly #tokens: readonly string[];
  readonly #ids = new Map<string, number>();
  readonly #longest: number;
  /** sha256 over every token's bytes, in id order. */
  readonly hash: string;

  constructor(options: { readonly extraTokens?: number; readonly reversed?: boolean } = {}) {
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    const words = pieces.map(bytesOf);
    const extra = Array.from({ length: options.extraTokens ?? 0 }, (_, index) => `<extra ${index}>`);
    this.#tokens = [...fakeControls, ...bytes, ...(options.reversed === true ? words.toReversed() : words), ...extra];
    this.#tokens.forEach((token, id) => {
      // A byte that is also a piece (".") is spelled by the piece: the later id wins.
      if (id >= firstByteId) this.#ids.set(token, id);
    });
    this.#longest = Math.max(...this.#tokens.map((token) => token.length));
    const digest = createHash("sha256");
    for (const token of this.#tokens) digest.update(`${token.length}:${token}`, "latin1");
    this.hash = digest.digest("hex");
  }

  get size(): number {
    return this.#tokens.length;
  }

  /** Ids of a text; control spellings become their ids only with `parseSpecial`. */
  encode(text: string, parseSpecial: boolean): number[] {
    if (!parseSpecial) return this.#encodePlain(text);
    const ids: number[] = [];
    for (const part of text.split(/(<s>|<\/s>|<\|(?:user|assistant|system|end)\|>)/)) {
      const control = (fakeControls as readonly string[]).indexOf(part);
      if (control >= 0) ids.push(control);
      else ids.push(...this.#encodePlain(part));
    }
    return ids;
  }

  #encodePlain(text: string): number[] {
    const bytes = bytesOf(text);
    const ids: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      let length = Math.min(this.#longest, bytes.length - at);
      let id = this.#ids.get(bytes.slice(at, at + length));
      while (id === undefined) {
        length -= 1;
        id = this.#ids.get(bytes.slice(at, at + length));
      }
      ids.push(id);
      at += length;
    }
    return ids;
  }

  /** Bytes an id stands for, one `latin1` character each. */
  bytes(id: number): string {
    const token = this.#tokens[id];
    if (token === undefined) throw new RangeError(`no id ${id} in a vocabulary of ${this.size}`);
    return token;
  }

  /** Text of ids; a piece of a UTF-8 sequence becomes U+FFFD. */
  decode(ids: readonly number[]): string {
    return Buffer.from(ids.map((id) => this.bytes(id)).join(""), "latin1").toString("utf8");
  }

  view(id: number): TokenView {
    const raw = Buffer.from(this.bytes(id), "latin1");
    let text: string;
    try {
      text = utf8.decode(raw);
    } catch {
      // A byte token may be a part of a character: shown as the bytes it is.
      text = Array.from(raw, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
    }
    return { id, text, special: id < firstByteId };
  }
}
