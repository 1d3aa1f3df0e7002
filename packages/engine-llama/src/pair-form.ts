import type { RankedPair } from "@unshift/contracts";
import type { Model } from "@unshift/native";

/** Ids of a pair, and whether its answer was cut to fit. */
export interface FittedPair {
  readonly ids: Int32Array;
  readonly cut: boolean;
}

/**
 * What a model reads of a pair, as llama.cpp's own server does it: the file's `rerank` template where it has one; else what the file
 * wants in front of a text, the question, the ends and separators of the vocabulary, the answer, what the file wants behind a text.
 *
 *   BERT             [CLS] question [SEP] answer [SEP]
 *   XLM-R, RoBERTa   <s> question </s></s> answer </s>
 *   no separator     BOS question, an empty line, answer
 *
 * The server leaves out BERT's last [SEP]; models were trained with it, so it stands here. A text by itself is framed as usual.
 */
export class PairForm {
  private readonly template: readonly string[] | null;
  private readonly opening: Int32Array;
  private readonly between: Int32Array;
  private readonly closing: Int32Array;

  constructor(private readonly model: Model) {
    const written = model.metadata["tokenizer.chat_template.rerank"];
    this.template = written === undefined ? null : written.split(/(\{query\}|\{document\})/);
    const [plain, framed] = [model.encode("a"), model.encode("a", { framed: true })];
    const at = Math.max(
      0,
      framed.findIndex((_, start) => plain.every((id, index) => framed[start + index] === id)),
    );
    this.opening = framed.slice(0, at);
    this.closing = framed.slice(at + plain.length);
    const { addEos, addSeparator, eos, separator } = model.vocabulary;
    const end = addEos ? [eos < 0 ? separator : eos] : [];
    const ids = [...end, ...(addSeparator ? [separator] : [])].filter((id) => id >= 0);
    this.between = ids.length > 0 ? Int32Array.from(ids) : model.encode("\n\n");
  }

  /** Ids of a pair, its answer cut at the end to fit; null where not even an empty answer does. */
  fitted(pair: RankedPair, maxTokens: number): FittedPair | null {
    return pair.question !== null && this.template !== null
      ? this.fittedText(this.template, pair.question, pair.answer, maxTokens)
      : this.fittedIds(pair, maxTokens);
  }

  private fittedIds({ question, answer }: RankedPair, maxTokens: number): FittedPair | null {
    const front = question === null ? this.opening : joined(this.opening, this.model.encode(question), this.between);
    const room = maxTokens - front.length - this.closing.length;
    const ids = this.model.encode(answer);
    const kept = ids.slice(0, Math.max(0, room));
    const whole = joined(front, kept, this.closing);
    return room < 0 ? null : { ids: whole, cut: kept.length < ids.length };
  }

  /** Words join with what stands around them, so it is the text that is cut and tokenised anew. */
  private fittedText(parts: readonly string[], question: string, answer: string, most: number): FittedPair | null {
    const whole = this.templated(parts, question, answer);
    if (whole.length <= most) return { ids: whole, cut: false };
    const characters = [...answer];
    let [low, high] = [0, characters.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const fits = this.templated(parts, question, characters.slice(0, middle).join("")).length <= most;
      if (fits) low = middle;
      else high = middle - 1;
    }
    const ids = this.templated(parts, question, characters.slice(0, low).join(""));
    return ids.length > most ? null : { ids, cut: true };
  }

  private templated(parts: readonly string[], question: string, answer: string): Int32Array {
    const given = (part: string) => (part === "{query}" ? question : part === "{document}" ? answer : null);
    if (!this.spellsControl(question) && !this.spellsControl(answer)) {
      return this.model.encode(parts.map((part) => given(part) ?? part).join(""), { parseSpecial: true });
    }
    // What a text spells is text: only the template's own control tokens are read as such.
    return joined(
      ...parts.map((part) => this.model.encode(given(part) ?? part, { parseSpecial: given(part) === null })),
    );
  }

  private spellsControl(text: string): boolean {
    const [plain, special] = [this.model.encode(text), this.model.encode(text, { parseSpecial: true })];
    return plain.length !== special.length || plain.some((id, index) => special[index] !== id);
  }
}

function joined(...parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}
