import { type Cleaning, type JsonObject, type Pooling, UnshiftError } from "@unshift/contracts";

export const indexKinds = ["exact", "hnsw", "bm25"] as const;
export type IndexKind = (typeof indexKinds)[number];

/** Parameters of BM25 (Robertson and Zaragoza 2009, §3.4). */
export interface Bm25Parameters {
  /** How soon a repeated word stops counting; 0: a word counts once. */
  readonly k1: number;
  /** How much long documents are held back, 0 to 1. */
  readonly b: number;
}

export interface RetrievalOptions {
  readonly k: number;
  /** `dataset`, a path, or a dataset contribution with its options. */
  readonly corpus: string | (JsonObject & { readonly use: string });
  readonly index: IndexKind;
  /** `system`, or a model file. */
  readonly embedder: string;
  /** null: the model file's own. */
  readonly pooling: Pooling | null;
  /** Words of an answer that are shown. */
  readonly maxWords: number;
  /** Ids, or the path of a file of ids. */
  readonly exclude: string | readonly string[];
  /** The line between two examples; empty: none. */
  readonly separator: string;
  readonly bm25?: Bm25Parameters | undefined;
  /** Tokens that system text and examples may have together, without BOS. */
  readonly tokenBudget?: number | undefined;
  readonly system?: string | undefined;
  readonly cleaning?: Cleaning | undefined;
}

/**
 * What a schema of single options cannot say: those that would have no effect.
 *
 * @throws PLUGIN_OPTIONS
 */
export function refuseIdleOptions({ index, embedder, pooling, bm25 }: RetrievalOptions): void {
  if (index === "bm25" && (embedder !== "system" || pooling !== null)) {
    throw new UnshiftError("PLUGIN_OPTIONS", "index: bm25 compares words, so `embedder` and `pooling` have no effect", {
      hint: "Remove them, or choose index: exact or hnsw.",
    });
  }
  if (index !== "bm25" && bm25 !== undefined) {
    throw new UnshiftError("PLUGIN_OPTIONS", `index: ${index} compares embeddings, so \`bm25\` has no effect`, {
      hint: "Remove it, or choose index: bm25.",
    });
  }
}
