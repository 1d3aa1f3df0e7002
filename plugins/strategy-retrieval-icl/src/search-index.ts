import type { JsonObject } from "@unshift/contracts";

/** An example found. */
export interface Neighbour {
  /** In the corpus. */
  readonly row: number;
  /** Larger is nearer: cosine similarity, or BM25. */
  readonly score: number;
}

/** Finds the examples of a corpus that are most like a question. */
export interface SearchIndex {
  /** Kind, parameters, and what made it. */
  readonly provenance: JsonObject;
  /**
   * The `count` nearest rows that `skip` does not name, the nearest first; of equal scores the earlier row. `count` is not more than
   * there are.
   */
  search(question: string, count: number, skip: (row: number) => boolean): Promise<readonly Neighbour[]>;
}
