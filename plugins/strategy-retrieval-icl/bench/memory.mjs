// Time and memory of indexing and querying a corpus, from the file to the examples:
// node plugins/strategy-retrieval-icl/bench/memory.mjs exact|hnsw|bm25 [documents]
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { Corpus } from "../dist/src/corpus/corpus.js";
import { openIndex } from "../dist/src/open-index.js";
import { normal, random } from "./random.mjs";

const [kind = "exact", documents = "100000"] = process.argv.slice(2);
const size = Number(documents);
const dimensions = 384;
const next = random(2);
/** Words as frequent as in a language: the n-th one in proportion to 1/n, about. */
const word = () => `w${Math.floor(50_000 ** next())}`;
const text = (words) => Array.from({ length: words }, word).join(" ");

/** Rows that cost nothing, so that what is measured is the index: a real model takes far longer. */
const embedder = {
  identity: "random",
  pooling: "mean",
  dimensions,
  maxTokens: 512,
  embed: async (texts) => {
    const rows = new Float32Array(texts.length * dimensions);
    for (let at = 0; at < rows.length; at += dimensions) {
      const values = Float64Array.from({ length: dimensions }, () => normal(next));
      const length = Math.hypot(...values);
      rows.set(
        values.map((value) => value / length),
        at,
      );
    }
    return { rows, truncated: 0 };
  },
};

const folder = await mkdtemp(join(tmpdir(), "memory-"));
try {
  const path = join(folder, "corpus.jsonl");
  const file = createWriteStream(path);
  for (let row = 0; row < size; row += 1) {
    const line = `${JSON.stringify({ id: `d${row}`, instruction: `${text(14)} ${row}`, output: text(150) })}\n`;
    if (!file.write(line)) await new Promise((resolve) => file.once("drain", resolve));
  }
  await finished(file.end());

  const { signal } = new AbortController();
  const work = {
    signal,
    cacheFolder: join(folder, "cache"),
    embedder: async () => embedder,
    note: () => undefined,
    progress: () => undefined,
  };
  const request = { kind, embedder: { model: "system" }, pooling: null, bm25: undefined };
  const seconds = async (what) => {
    const begun = performance.now();
    const result = await what();
    return [result, Number(((performance.now() - begun) / 1000).toFixed(2))];
  };
  const context = { resolvePath: (name) => name, log: () => undefined, signal };
  const [corpus, readSeconds] = await seconds(() => Corpus.read({ corpus: path, exclude: [] }, context));
  const [, buildSeconds] = await seconds(() => openIndex(corpus, request, work, work.note));
  const [{ index, documents: examples }, openSeconds] = await seconds(() =>
    openIndex(corpus, request, work, work.note),
  );
  const queries = 100;
  const [, querySeconds] = await seconds(async () => {
    for (let query = 0; query < queries; query += 1) {
      const found = await index.search(text(14), 3, () => false);
      await examples.read(found.map(({ row }) => row));
    }
  });
  const queryMs = Number(((querySeconds / queries) * 1000).toFixed(2));
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ kind, documents: size, readSeconds, buildSeconds, openSeconds, queryMs, peakMiB }));
  if (peakMiB > 1024) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
