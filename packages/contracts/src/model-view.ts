/** What a strategy may know of the model it writes a prompt for. */
export interface ModelView {
  /** Name in the experiment (`base`). */
  readonly name: string;
  /** The file's Jinja chat template, or null. */
  readonly chatTemplate: string | null;
  /** GGUF metadata by key, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Spelling of special tokens; null where the vocabulary has none. */
  readonly bosText: string | null;
  readonly eosText: string | null;
  /** Tokens of prompt + answer that fit. */
  readonly contextSize: number;
  /** Tokens of a text, without BOS, special tokens not parsed. */
  countTokens(text: string): number;
}
