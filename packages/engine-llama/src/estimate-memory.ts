import { stat } from "node:fs/promises";
import type { ModelRequest } from "@unshift/contracts/services";

type Native = typeof import("@unshift/native");

/**
 * Bytes a model will need: its file, and one context's KV memory (2 · layers · tokens · KV width · bytes a value) with the
 * rows of logits of one chunk. An estimate from the file's own figures, before any weight is read.
 */
export async function estimateMemory(
  native: Native,
  request: ModelRequest,
  defaultContextLimit: number,
): Promise<{ weightsBytes: number; contextBytes: number }> {
  const model = await native.loadModel(request.path, { vocabOnly: true });
  try {
    const architecture = model.metadata["general.architecture"] ?? "llama";
    const figure = (key: string): number | null => {
      const value = Number(model.metadata[`${architecture}.${key}`]);
      return Number.isFinite(value) && value > 0 ? value : null;
    };
    const layers = figure("block_count") ?? model.layers;
    const width = figure("embedding_length") ?? model.embeddingSize;
    const heads = figure("attention.head_count") ?? 1;
    const keyValueHeads = figure("attention.head_count_kv") ?? heads;
    const trained = figure("context_length") ?? defaultContextLimit;
    const tokens = request.contextSize ?? Math.min(trained, defaultContextLimit);
    const valueBytes = request.numerics === "strict" ? 4 : 2;
    const keyValueBytes = 2 * layers * tokens * (width / heads) * keyValueHeads * valueBytes;
    const rowBytes = model.vocabulary.size * 4 * (request.chunkSize ?? 512);
    return {
      weightsBytes: (await stat(request.path)).size,
      contextBytes: keyValueBytes * request.sequences + rowBytes,
    };
  } finally {
    model.dispose();
  }
}
