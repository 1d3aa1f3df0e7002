import type { JsonObject } from "./json.js";

/** What a strategy makes of a sample: the exact text before the answer, and how the answer ends. */
export interface Prompt {
  readonly text: string;
  /**
   * Whether control tokens spelled in `text` become their ids. True for chat templates, which spell them; false where the
   * text is plain, so that a question that spells `<|end|>` stays a question.
   */
  readonly parseSpecial: boolean;
  /**
   * `auto`: one BOS in front where the vocabulary asks for it, also where `text` begins with its spelling (never two).
   * `never`: exactly the ids of `text`.
   */
  readonly bos: "auto" | "never";
  /** Characters of `text` that every sample of the system shares (a URIAL prompt); their memory is kept between samples. */
  readonly staticChars: number;
  /** Texts that end an answer; they are not part of it. */
  readonly stop: readonly string[];
  /** Texts cut from the end of an answer that ended by itself (a closing fence that no stop text followed). */
  readonly trimEnd?: readonly string[];
  /**
   * The answer stands between back-tick fences of the prompt. A code block that the answer opens itself (a line of back-ticks
   * with a language) is then a part of it: within one, `stop` and `trimEnd` do not count, `stopAlways` does.
   */
  readonly codeBlocks?: boolean;
  /** Texts that end an answer even within a code block. */
  readonly stopAlways?: readonly string[];
  /** Where the prompt came from: template name, example ids, scores. Stored with the answer. */
  readonly provenance: JsonObject;
}
