import { stat } from "node:fs/promises";
import type { ModelRequest } from "@unshift/contracts/services";

type Native = typeof import("@unshift/native");

/**
 * Bytes a model will need: its file (of a split model the first part), and the larger of what generating and scoring hold at
 * once: KV memory (2 · layers · tokens · KV width · bytes a value) a sequence, and the rows of logits of one chunk. An estimate
 * from the file's own figures, before any weight is read.
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
    // Generation's memory is given back before scoring begins; a model that is reference and subject at once scores in two.
    const slots = request.sequences > 4 ? Math.ceil(request.sequences / 4) * 4 : Math.max(2, request.sequences);
    const generating = keyValueBytes * slots + rowBytes;
    const scoring = 2 * (keyValueBytes + rowBytes);
    return { weightsBytes: (await stat(request.path)).size, contextBytes: Math.max(generating, scoring) };
  } finally {
    model.dispose();
  }
}
