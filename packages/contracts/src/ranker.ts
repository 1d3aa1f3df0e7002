/** A question with an answer to it, or a text by itself (`question: null`). */
export interface RankedPair {
  readonly question: string | null;
  readonly answer: string;
}

/** The scores of some pairs. */
export interface RankerScores {
  /** [pairs, labels] row by row, as the model's head gives them. */
  readonly rows: Float32Array;
  /** Pairs longer than `maxTokens`, whose answer was cut at its end. */
  readonly truncated: number;
}

/** The classifier head of a model: a reward model, a ranker of pairs, a classifier. A pair's scores follow from the pair alone. */
export interface Ranker {
  /** Hash of model file and engine: what a score hangs on besides the pair. */
  readonly identity: string;
  /** One for each output, at least one; `score` where the file names none. */
  readonly labels: readonly string[];
  /** Tokens of a pair that are read, those the model puts around and between its texts included. */
  readonly maxTokens: number;
  /** Throws ABORTED, CONTEXT_TOO_SMALL where a question leaves no room for its answer. */
  score(pairs: readonly RankedPair[], options: { readonly signal: AbortSignal }): Promise<RankerScores>;
}
