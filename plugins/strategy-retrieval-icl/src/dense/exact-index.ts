import type { JsonObject } from "@unshift/contracts";
import { Nearest } from "../nearest.js";
import type { Neighbour, SearchIndex } from "../search-index.js";
import type { CorpusRows, Piece } from "./corpus-rows.js";
import { dot } from "./dot.js";
import type { QueryRows } from "./query-rows.js";

/**
 * Rows that some index of this process holds, by their file: systems that differ in `k` alone share them. A file's name says what it
 * was made from, so its rows are always the same.
 */
const held = new Map<string, WeakRef<readonly Piece[]>>();

/** Compares a question with every row, which are all held: size · dimensions · 4 bytes. */
export class ExactIndex implements SearchIndex {
  readonly provenance: JsonObject;
  readonly #pieces: readonly Piece[];
  readonly #queries: QueryRows;

  private constructor(pieces: readonly Piece[], queries: QueryRows, embedder: JsonObject) {
    this.#pieces = pieces;
    this.#queries = queries;
    this.provenance = { kind: "exact", ...embedder };
  }

  static async open(rows: CorpusRows, queries: QueryRows, embedder: JsonObject): Promise<ExactIndex> {
    const pieces = held.get(rows.file)?.deref() ?? (await all(rows));
    held.set(rows.file, new WeakRef(pieces));
    return new ExactIndex(pieces, queries, embedder);
  }

  async search(question: string, count: number, skip: (row: number) => boolean): Promise<readonly Neighbour[]> {
    const query = await this.#queries.of(question);
    const nearest = new Nearest(count);
    for (const piece of this.#pieces) scan(piece, query, skip, nearest);
    return nearest.list();
  }
}

async function all(rows: CorpusRows): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of rows.pieces()) pieces.push(piece);
  return pieces;
}

/** Offers every row of a piece. */
export function scan({ first, rows }: Piece, query: Float64Array, skip: (row: number) => boolean, into: Nearest): void {
  const dimensions = query.length;
  const count = rows.length / dimensions;
  for (let index = 0; index < count; index += 1) {
    const score = dot(rows, index * dimensions, query);
    // Most rows are far off; they are not worth the look whether they are to be skipped.
    if (score >= into.worst && !skip(first + index)) into.offer(first + index, score);
  }
}
