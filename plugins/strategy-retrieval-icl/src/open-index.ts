import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Embedder, JsonObject, Pooling, Preparation } from "@unshift/contracts";
import { Bm25Index, usualBm25 } from "./bm25/bm25-index.js";
import { postingsOf, readPostings, writePostings } from "./bm25/postings.js";
import { artifact, writeError } from "./cache/artifact.js";
import { type CacheWork, Documents } from "./cache/documents.js";
import type { Corpus } from "./corpus/corpus.js";
import { CorpusRows } from "./dense/corpus-rows.js";
import { blockTexts, embedCorpus } from "./dense/embed-corpus.js";
import { ExactIndex } from "./dense/exact-index.js";
import { buildHnsw, HnswIndex, hnswParameters } from "./dense/hnsw-index.js";
import { QueryRows } from "./dense/query-rows.js";
import type { Bm25Parameters, IndexKind } from "./options.js";
import type { SearchIndex } from "./search-index.js";

export interface IndexRequest {
  readonly kind: IndexKind;
  /** Where the model of a dense index lies. */
  readonly embedder: { readonly model: "system" } | { readonly path: string };
  readonly pooling: Pooling | null;
  readonly bm25: Bm25Parameters | undefined;
}

export interface OpenIndex {
  readonly index: SearchIndex;
  readonly documents: Documents;
}

/**
 * The index over a corpus, made or found under `retrieval-icl/CORPUS` of the cache: `documents`, and `words` or, by embedder,
 * `rows-…` with `graph-…`. Each says in its `manifest.json` what it is valid for.
 *
 * @throws ABORTED, EMBEDDING_UNSUPPORTED, MODEL_…, HUB_…, NATIVE_LOAD_FAILED, RUN_NO_SPACE, RUN_NOT_WRITABLE
 */
export async function openIndex(
  corpus: Corpus,
  request: IndexRequest,
  preparation: Preparation,
  note: (message: string) => void,
): Promise<OpenIndex> {
  const home = join(preparation.cacheFolder, "retrieval-icl", corpus.sha256.slice(0, 16));
  const work: CacheWork = {
    signal: preparation.signal,
    note,
    progress: (label, done, total) => preparation.progress(label, done, total),
  };
  try {
    const documents = await Documents.of(corpus, join(home, "documents"), work);
    const index =
      request.kind === "bm25"
        ? await openBm25(corpus, documents, request.bm25 ?? usualBm25, home, work)
        : await openDense(corpus, documents, request, home, preparation, work);
    return { index, documents };
  } catch (cause) {
    throw writeError(cause, home);
  }
}

async function openBm25(
  corpus: Corpus,
  documents: Documents,
  parameters: Bm25Parameters,
  home: string,
  work: CacheWork,
): Promise<SearchIndex> {
  const folder = join(home, "words");
  await artifact({
    folder,
    name: "the word index",
    of: { documents: corpus.sha256, words: "NFKC, lower case, letters marks digits" },
    make: async (into) => writePostings(await postingsOf(documents, `counting words of ${corpus.name}`, work), into),
    note: work.note,
    signal: work.signal,
  });
  return new Bm25Index(await readPostings(folder), parameters);
}

async function openDense(
  corpus: Corpus,
  documents: Documents,
  { kind, embedder: source, pooling }: IndexRequest,
  home: string,
  preparation: Preparation,
  work: CacheWork,
): Promise<SearchIndex> {
  const embedder = await preparation.embedder(source, pooling);
  const rows = await openRows(corpus, documents, embedder, home, work);
  const queries = new QueryRows(embedder, work.signal);
  const provenance = { embedder: embedder.identity, pooling: embedder.pooling, dimensions: embedder.dimensions };
  if (kind === "exact") return ExactIndex.open(rows, queries, provenance);
  const of = { ...rowsKey(corpus, embedder), ...hnswParameters };
  const folder = join(home, `graph-${keyOf(of)}`);
  await artifact({
    folder,
    name: "the graph",
    of,
    make: (into) => buildHnsw(rows, into, `linking ${corpus.name}`, work),
    note: work.note,
    signal: work.signal,
  });
  return HnswIndex.open(folder, rows, queries, provenance);
}

async function openRows(
  corpus: Corpus,
  documents: Documents,
  embedder: Embedder,
  home: string,
  work: CacheWork,
): Promise<CorpusRows> {
  const of = rowsKey(corpus, embedder);
  const folder = join(home, `rows-${keyOf(of)}`);
  const partial = `${folder}.partial`;
  await tellOfOthers(folder, corpus, work);
  await artifact({
    folder,
    name: "the embeddings",
    of,
    make: (into) => embedCorpus(documents, embedder, { into, partial, label: `embedding ${corpus.name}` }, work),
    note: work.note,
    signal: work.signal,
  });
  await rm(partial, { recursive: true, force: true });
  return new CorpusRows(folder, documents.size, embedder.dimensions);
}

function rowsKey(corpus: Corpus, { identity, pooling, dimensions }: Embedder): JsonObject {
  return { documents: corpus.sha256, embedder: identity, pooling, dimensions, blockTexts };
}

/** Embeddings of another model are of no use, but their owner may wonder why it takes so long again. */
async function tellOfOthers(folder: string, corpus: Corpus, work: CacheWork): Promise<void> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const others = (await readdir(dirname(folder))).filter((name) => /^rows-[0-9a-f]+$/.test(name));
  if (others.length > 0 && !others.includes(basename(folder)))
    work.note(
      `the cache holds embeddings of ${corpus.name} that were made by another model or pooling, which are of no use here; made again by this one`,
    );
}

function keyOf(of: JsonObject): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16);
}
