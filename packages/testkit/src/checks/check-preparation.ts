import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Embedder, type Embeddings, type Preparation, poolings } from "@unshift/contracts";
import { expect, quote } from "./expect.js";

const dimensions = 64;

/** Runs `work` with a cache folder of its own, removed afterwards. */
export async function withCacheFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-check-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a strategy prepares itself with, as core gives it. What it tells people is checked. */
export function checkPreparation(cacheFolder: string, embedder: Preparation["embedder"] = wordEmbedder): Preparation {
  return {
    signal: new AbortController().signal,
    cacheFolder,
    embedder,
    progress: (label, done, total) => {
      expect(typeof label === "string" && label !== "", "prepare tells progress without saying of what");
      expect(
        Number.isInteger(done) && Number.isInteger(total) && done >= 0 && done <= total,
        `prepare tells progress ${quote(label)} ${done} of ${total}`,
      );
    },
    note: (message) => expect(typeof message === "string" && message !== "", "prepare gives a note without text"),
  };
}

/** An embedder without a model: texts that share words point the same way. Real embedders differ in everything but the rules. */
async function wordEmbedder(
  _source: Parameters<Preparation["embedder"]>[0],
  pooling: Parameters<Preparation["embedder"]>[1],
): Promise<Embedder> {
  return {
    identity: `words ${dimensions}`,
    pooling: pooling ?? poolings[0] ?? "mean",
    dimensions,
    maxTokens: 512,
    embed: async (texts, { onDone }): Promise<Embeddings> => {
      const rows = new Float32Array(texts.length * dimensions);
      for (const [index, text] of texts.entries()) {
        rows.set(rowOf(text), index * dimensions);
        onDone?.(index + 1);
      }
      return { rows, truncated: 0 };
    },
  };
}

/** Words counted by hash, normalised to length 1; all zero where there is no word. */
function rowOf(text: string): Float32Array {
  const row = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 2166136261;
    for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
    const at = hash % dimensions;
    row[at] = (row[at] ?? 0) + 1;
  }
  const length = Math.hypot(...row);
  return length === 0 ? row : row.map((value) => value / length);
}
