import { createHash } from "node:crypto";
import type { Embedder, Pooling, Preparation } from "@unshift/contracts";

/** An embedder without a model: a text's row is the sum of the rows of its words, which their hash gives. */
export function wordEmbedder(
  options: {
    readonly identity?: string;
    readonly dimensions?: number;
    readonly maxTokens?: number;
    readonly pooling?: Pooling;
  } = {},
): Embedder & { readonly embedded: string[] } {
  const { identity = "words", dimensions = 32, maxTokens = 512, pooling = "mean" } = options;
  const embedded: string[] = [];
  const known = new Map<string, Float64Array>();
  const wordRow = (word: string): Float64Array => {
    const there = known.get(word);
    if (there !== undefined) return there;
    const bytes = createHash("shake256", { outputLength: dimensions }).update(`${identity} ${word}`).digest();
    const row = Float64Array.from(bytes, (byte) => byte - 127.5);
    known.set(word, row);
    return row;
  };
  return {
    identity,
    pooling,
    dimensions,
    maxTokens,
    embedded,
    embed: async (texts, { onDone }) => {
      const rows = new Float32Array(texts.length * dimensions);
      let truncated = 0;
      for (const [index, text] of texts.entries()) {
        const words = text.toLowerCase().match(/\w+/g) ?? [];
        if (words.length > maxTokens) truncated += 1;
        rows.set(rowOf(words.slice(0, maxTokens).map(wordRow), dimensions), index * dimensions);
        onDone?.(index + 1);
      }
      embedded.push(...texts);
      return { rows, truncated };
    },
  };
}

function rowOf(words: readonly Float64Array[], dimensions: number): Float32Array {
  const row = new Float64Array(dimensions);
  for (const word of words) for (const [at, value] of word.entries()) row[at] = (row[at] ?? 0) + value;
  const length = Math.hypot(...row);
  return Float32Array.from(row, (value) => (length === 0 ? 0 : value / length));
}

/** What core gives to `prepare`, with everything it is told. */
export function preparation(
  cacheFolder: string,
  embedder: Embedder = wordEmbedder(),
  signal: AbortSignal = new AbortController().signal,
): Preparation & {
  readonly notes: string[];
  readonly told: (readonly [string, number, number])[];
  readonly asked: unknown[];
} {
  const notes: string[] = [];
  const told: (readonly [string, number, number])[] = [];
  const asked: unknown[] = [];
  return {
    signal,
    cacheFolder,
    notes,
    told,
    asked,
    embedder: async (source, pooling) => {
      asked.push([source, pooling]);
      return embedder;
    },
    progress: (label, done, total) => told.push([label, done, total]),
    note: (message) => notes.push(message),
  };
}
