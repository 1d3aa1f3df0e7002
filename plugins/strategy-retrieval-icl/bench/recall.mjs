// recall@10 of the graph against exact search: node plugins/strategy-retrieval-icl/bench/recall.mjs [rows] [dimensions] [--random]
// Rows lie in clusters as embeddings do; --random draws them without any structure, where every row is about equally far from
// every other and a graph has nothing to follow: shown, not asked for.
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorpusRows } from "../dist/src/dense/corpus-rows.js";
import { ExactIndex } from "../dist/src/dense/exact-index.js";
import { buildHnsw, HnswIndex } from "../dist/src/dense/hnsw-index.js";
import { QueryRows } from "../dist/src/dense/query-rows.js";
import { normal, random } from "./random.mjs";

const unstructured = process.argv.includes("--random");
const [size = 100_000, dimensions = 384] = process.argv
  .slice(2)
  .filter((word) => word !== "--random")
  .map(Number);
const queries = 200;
const centres = 1_000;
const next = random(1);
const points = Float32Array.from({ length: centres * dimensions }, () => normal(next));

/** A row of length 1 near one of the centres. */
function row() {
  const centre = Math.floor(next() * centres) * dimensions;
  const values = Float64Array.from({ length: dimensions }, (_, at) =>
    unstructured ? normal(next) : points[centre + at] + 0.7 * normal(next),
  );
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

const folder = await mkdtemp(join(tmpdir(), "recall-"));
try {
  const file = await open(join(folder, "rows.f32"), "w");
  for (let from = 0; from < size; from += 1_000) {
    const block = new Float32Array(Math.min(1_000, size - from) * dimensions);
    for (let at = 0; at < block.length; at += dimensions) block.set(row(), at);
    await file.writeFile(new Uint8Array(block.buffer));
  }
  await file.close();
  const asked = Array.from({ length: queries }, row);
  const embedder = { dimensions, embed: async ([text]) => ({ rows: asked[Number(text)], truncated: 0 }) };
  const { signal } = new AbortController();
  const rows = new CorpusRows(folder, size, dimensions);
  const questions = new QueryRows(embedder, signal);
  const work = { signal, note: () => undefined, progress: () => undefined };

  let begun = performance.now();
  await buildHnsw(rows, folder, "linking", work);
  const buildSeconds = (performance.now() - begun) / 1000;
  const graph = await HnswIndex.open(folder, rows, questions, {});
  const exact = await ExactIndex.open(rows, questions, {});
  let [found, graphMs, exactMs] = [0, 0, 0];
  for (let query = 0; query < queries; query += 1) {
    begun = performance.now();
    const right = new Set((await exact.search(String(query), 10, () => false)).map((each) => each.row));
    exactMs += performance.now() - begun;
    begun = performance.now();
    for (const each of await graph.search(String(query), 10, () => false)) if (right.has(each.row)) found += 1;
    graphMs += performance.now() - begun;
  }
  const figures = {
    rows: size,
    dimensions,
    buildSeconds: Number(buildSeconds.toFixed(1)),
    recallAt10: found / (10 * queries),
    graphMs: Number((graphMs / queries).toFixed(2)),
    exactMs: Number((exactMs / queries).toFixed(1)),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(figures));
  if (!unstructured && figures.recallAt10 < 0.99) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
