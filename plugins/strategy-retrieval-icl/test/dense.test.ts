import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Embedder } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import type { CacheWork } from "../src/cache/documents.js";
import { CorpusRows } from "../src/dense/corpus-rows.js";
import { ExactIndex } from "../src/dense/exact-index.js";
import { buildHnsw, HnswIndex } from "../src/dense/hnsw-index.js";
import { QueryRows } from "../src/dense/query-rows.js";

const work: CacheWork = { signal: new AbortController().signal, note: () => undefined, progress: () => undefined };
const never = () => false;

/** Numbers in [0, 1) that a seed alone decides (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** [n, dimensions] rows of length 1 around `centres` points. */
function clustered(n: number, dimensions: number, centres: number, seed: number): Float32Array {
  const next = random(seed);
  const points = Float32Array.from({ length: centres * dimensions }, () => next() - 0.5);
  const rows = new Float32Array(n * dimensions);
  for (let row = 0; row < n; row += 1) {
    const centre = Math.floor(next() * centres) * dimensions;
    const values = Array.from({ length: dimensions }, (_, at) => (points[centre + at] ?? 0) + 0.6 * (next() - 0.5));
    const length = Math.hypot(...values);
    rows.set(
      values.map((value) => value / length),
      row * dimensions,
    );
  }
  return rows;
}

/** An embedder whose texts are numbers of rows. */
function rowsEmbedder(rows: Float32Array, dimensions: number): Embedder & { readonly texts: string[] } {
  const texts: string[] = [];
  return {
    identity: "rows",
    pooling: "mean",
    dimensions,
    maxTokens: 1,
    texts,
    embed: async (asked) => {
      texts.push(...asked);
      const [row = 0] = asked.map(Number);
      return { rows: rows.slice(row * dimensions, (row + 1) * dimensions), truncated: 0 };
    },
  };
}

async function written(t: ExecutionContext, rows: Float32Array, dimensions: number) {
  const folder = await mkdtemp(join(tmpdir(), "rows-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "rows.f32"), new Uint8Array(rows.buffer));
  return { folder, rows: new CorpusRows(folder, rows.length / dimensions, dimensions) };
}

test("exact search finds what comparing all by sorting finds, equal rows in their order", async (t) => {
  const dimensions = 7;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: dimensions, maxLength: dimensions }), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 10 }),
      fc.func(fc.boolean()),
      async (values, count, skipped) => {
        const all = Float32Array.from(values.flat());
        const place = await written(t, all, dimensions);
        const index = await ExactIndex.open(place.rows, new QueryRows(rowsEmbedder(all, dimensions), work.signal), {});
        const skip = (row: number) => skipped(row);
        const score = (row: readonly number[]) =>
          row.reduce((sum, value, at) => sum + value * (values[0]?.[at] ?? 0), 0);
        const expected = values
          .map((row, at) => ({ row: at, score: score(row) }))
          .filter(({ row }) => !skip(row))
          .sort((a, b) => b.score - a.score || a.row - b.row)
          .slice(0, count);
        t.deepEqual(await index.search("0", count, skip), expected);
      },
    ),
    { numRuns: 50 },
  );
});

test("rows are read in pieces and singly as they lie", async (t) => {
  const rows = Float32Array.from({ length: 40_000 * 3 }, (_, at) => at);
  const place = await written(t, rows, 3);
  const firsts: number[] = [];
  for await (const piece of place.rows.pieces()) {
    firsts.push(piece.first);
    t.deepEqual(piece.rows, rows.slice(piece.first * 3, piece.first * 3 + piece.rows.length));
  }
  t.deepEqual(firsts, [0, 16_384, 32_768]);
  t.deepEqual([...(await place.rows.read([39_999, 0]))], [119_997, 119_998, 119_999, 0, 1, 2]);
});

test("the graph finds 99 of 100 of the ten nearest of 5,000 rows, with their exact scores", async (t) => {
  const dimensions = 64;
  const all = clustered(5_100, dimensions, 80, 3);
  const place = await written(t, all.slice(0, 5_000 * dimensions), dimensions);
  const queries = new QueryRows(rowsEmbedder(all, dimensions), work.signal);
  await buildHnsw(place.rows, place.folder, "linking", work);
  const graph = await HnswIndex.open(place.folder, place.rows, queries, {});
  const exact = await ExactIndex.open(place.rows, queries, {});
  let found = 0;
  for (let row = 5_000; row < 5_100; row += 1) {
    const expected = new Map((await exact.search(String(row), 10, never)).map((each) => [each.row, each.score]));
    for (const { row: hit, score } of await graph.search(String(row), 10, never)) {
      if (!expected.has(hit)) continue;
      found += 1;
      t.true(score === expected.get(hit), `${row} ${hit}`);
    }
  }
  t.true(found >= 990, `${found} of 1000`);
});

test("indexes over the same file share its rows", async (t) => {
  const place = await written(t, clustered(100, 8, 4, 1), 8);
  let read = 0;
  const rows = Object.assign(new CorpusRows(place.folder, 100, 8), {
    pieces: () => {
      read += 1;
      return place.rows.pieces();
    },
  });
  const queries = new QueryRows(rowsEmbedder(Float32Array.from([1, 0, 0, 0, 0, 0, 0, 0]), 8), work.signal);
  const [one, two] = [await ExactIndex.open(rows, queries, {}), await ExactIndex.open(rows, queries, {})];
  t.deepEqual(await one.search("0", 3, never), await two.search("0", 3, never));
  t.is(read, 1);
});

test("the graph goes around skipped rows, however many", async (t) => {
  const dimensions = 16;
  const all = clustered(2_000, dimensions, 20, 5);
  const place = await written(t, all, dimensions);
  const queries = new QueryRows(rowsEmbedder(all, dimensions), work.signal);
  await buildHnsw(place.rows, place.folder, "linking", work);
  const graph = await HnswIndex.open(place.folder, place.rows, queries, {});
  const exact = await ExactIndex.open(place.rows, queries, {});
  const order = (await exact.search("0", 2_000, never)).map(({ row }) => row);
  for (const held of [1, 40, 300, 1_990]) {
    const skipped = new Set(order.slice(0, held));
    const found = await graph.search("0", 5, (row) => skipped.has(row));
    t.deepEqual(found, await exact.search("0", 5, (row) => skipped.has(row)), `${held} skipped`);
  }
});

test("a question is embedded once; a failure is not remembered", async (t) => {
  const embedder = rowsEmbedder(Float32Array.from([1, 0]), 2);
  const queries = new QueryRows(embedder, work.signal);
  t.is(await queries.of("0"), await queries.of("0"));
  t.deepEqual(embedder.texts, ["0"]);
  let calls = 0;
  const failing = new QueryRows(
    {
      ...embedder,
      embed: async (texts, options) => {
        calls += 1;
        if (calls === 1) throw new Error("out of memory");
        return embedder.embed(texts, options);
      },
    },
    work.signal,
  );
  await t.throwsAsync(failing.of("0"), { message: "out of memory" });
  t.deepEqual([...(await failing.of("0"))], [1, 0]);
});
