import { join } from "node:path";
import { setImmediate as others } from "node:timers/promises";
import { type JsonObject, UnshiftError } from "@unshift/contracts";
import type { Index } from "usearch";
import type { CacheWork } from "../cache/documents.js";
import { Nearest } from "../nearest.js";
import type { Neighbour, SearchIndex } from "../search-index.js";
import type { CorpusRows } from "./corpus-rows.js";
import { dot } from "./dot.js";
import { scan } from "./exact-index.js";
import type { QueryRows } from "./query-rows.js";

/** Parameters of the graph (Malkov and Yashunin 2018): neighbours of a node, candidates looked at while building and searching. */
export const hnswParameters = { connectivity: 16, expansionAdd: 128, expansionSearch: 64, scalar: "f16" } as const;

/** Rows added between two looks at the signal. */
const batchRows = 256;
/** Candidates asked for at least: they are compared again by their full rows. */
const fewestCandidates = 32;

/**
 * Builds the graph over all rows into `graph.usearch` of a folder. By one thread, in row order: the same rows give the same file.
 *
 * @throws ABORTED, NATIVE_LOAD_FAILED
 */
export async function buildHnsw(rows: CorpusRows, into: string, label: string, work: CacheWork): Promise<JsonObject> {
  const graph = await emptyGraph(rows.dimensions);
  for await (const piece of rows.pieces()) {
    const { dimensions } = rows;
    const there = piece.rows.length / dimensions;
    for (let from = 0; from < there; from += batchRows) {
      const to = Math.min(from + batchRows, there);
      const keys = BigUint64Array.from({ length: to - from }, (_, index) => BigInt(piece.first + from + index));
      // A copy, not a view: usearch does not look at where in its buffer a view begins.
      graph.add(keys, piece.rows.slice(from * dimensions, to * dimensions), 1);
      work.progress(label, piece.first + to, rows.size);
      await others();
      if (work.signal.aborted) throw new UnshiftError("ABORTED", "interrupted while the graph was built");
    }
  }
  graph.save(join(into, "graph.usearch"));
  return { rows: rows.size };
}

/** Follows a graph from neighbour to neighbour; the candidates it finds are compared by their full rows, read from disk. */
export class HnswIndex implements SearchIndex {
  readonly provenance: JsonObject;
  readonly #graph: Index;
  readonly #rows: CorpusRows;
  readonly #queries: QueryRows;

  private constructor(graph: Index, rows: CorpusRows, queries: QueryRows, embedder: JsonObject) {
    this.#graph = graph;
    this.#rows = rows;
    this.#queries = queries;
    this.provenance = { kind: "hnsw", ...hnswParameters, ...embedder };
  }

  static async open(folder: string, rows: CorpusRows, queries: QueryRows, embedder: JsonObject): Promise<HnswIndex> {
    const graph = await emptyGraph(rows.dimensions);
    graph.load(join(folder, "graph.usearch"));
    return new HnswIndex(graph, rows, queries, embedder);
  }

  async search(question: string, count: number, skip: (row: number) => boolean): Promise<readonly Neighbour[]> {
    const query = await this.#queries.of(question);
    const size = this.#rows.size;
    for (let wanted = Math.max(fewestCandidates, count * 2); wanted < size; wanted *= 4) {
      const { keys } = this.#graph.search(Float32Array.from(query), wanted, 1);
      const candidates = [...keys].map(Number).filter((row) => !skip(row));
      if (candidates.length >= count) return this.#compare(candidates, query, count);
    }
    // So many are skipped that the graph does not lead around them.
    const nearest = new Nearest(count);
    for await (const piece of this.#rows.pieces()) scan(piece, query, skip, nearest);
    return nearest.list();
  }

  async #compare(candidates: readonly number[], query: Float64Array, count: number): Promise<readonly Neighbour[]> {
    const rows = await this.#rows.read(candidates);
    const nearest = new Nearest(count);
    for (const [index, row] of candidates.entries()) nearest.offer(row, dot(rows, index * query.length, query));
    return nearest.list();
  }
}

/** usearch is loaded where a graph is asked for, so that the other indexes work where it has no build. */
async function emptyGraph(dimensions: number): Promise<Index> {
  const { connectivity, expansionAdd, expansionSearch, scalar } = hnswParameters;
  try {
    const { Index, MetricKind, ScalarKind } = await import("usearch");
    return new Index({
      dimensions,
      metric: MetricKind.IP,
      quantization: scalar === "f16" ? ScalarKind.F16 : ScalarKind.F32,
      connectivity,
      expansion_add: expansionAdd,
      expansion_search: expansionSearch,
      multi: false,
    });
  } catch (cause) {
    throw new UnshiftError(
      "NATIVE_LOAD_FAILED",
      `usearch, which index: hnsw needs, could not be loaded: ${String(cause)}`,
      {
        hint: "index: exact compares with every row instead and needs nothing native; usearch has builds for Linux and macOS.",
        cause,
      },
    );
  }
}
