/** How the rows of a text's tokens become the row of the text. */
export type Pooling = "mean" | "last" | "cls";

export const poolings: readonly Pooling[] = ["mean", "last", "cls"];

/** The rows of some texts. */
export interface Embeddings {
  /** [texts, dimensions] row by row, each of length 1 (L2); the row of a text without a token is all zero. */
  readonly rows: Float32Array;
  /** Texts longer than `maxTokens`, of which only the beginning was read. */
  readonly truncated: number;
}

/** Turns texts into rows whose dot product is their cosine similarity. The same text gives the same row, whatever stands beside it. */
export interface Embedder {
  /** Hash of model file, pooling and engine: what an index made with it is valid for. */
  readonly identity: string;
  readonly pooling: Pooling;
  readonly dimensions: number;
  /** Tokens of a text that are read. */
  readonly maxTokens: number;
  /** Calls `onDone` with the number of texts finished so far. Throws ABORTED. */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal; readonly onDone?: (texts: number) => void },
  ): Promise<Embeddings>;
}
