import { open, readFile, rename, rm } from "node:fs/promises";
import { aligned, ggufHeader, metadataBytes, tensorBytes } from "./gguf-header.js";
import type { ModelShape } from "./model-shape.js";
import { modelTensors, type TensorPlan } from "./model-tensors.js";
import { fillBlocks, type Perturbation } from "./normal-weights.js";

/** Blocks written at a time: 8 MB. */
const blocksAtOnce = 1 << 18;

export interface ModelRecipe {
  readonly name: string;
  readonly shape: ModelShape;
  readonly seed: number;
  /** How far the twin strays; null: the model itself. */
  readonly perturbation: Perturbation | null;
}

/**
 * Writes a random-weight Qwen2 in Q8_0 with a real vocabulary; the same bytes for the same recipe. What is there under `path` is
 * replaced when the file is whole.
 *
 * @param vocabularyFile a GGUF whose `tokenizer.` keys are taken over byte for byte
 */
export async function writeModel(
  path: string,
  vocabularyFile: string,
  recipe: ModelRecipe,
  signal: AbortSignal,
): Promise<void> {
  const { shape, name } = recipe;
  const source = await readFile(vocabularyFile);
  const tokenizer = metadataBytes(source, "tokenizer.");
  const tensors = modelTensors(shape, tokenCount(tokenizer));
  const header = ggufHeader(
    {
      "general.architecture": { string: "qwen2" },
      "general.name": { string: name },
      "general.file_type": { uint32: 7 },
      "general.quantization_version": { uint32: 2 },
      "qwen2.block_count": { uint32: shape.layers },
      "qwen2.context_length": { uint32: 32768 },
      "qwen2.embedding_length": { uint32: shape.width },
      "qwen2.feed_forward_length": { uint32: shape.feedForward },
      "qwen2.attention.head_count": { uint32: shape.heads },
      "qwen2.attention.head_count_kv": { uint32: shape.keyHeads },
      "qwen2.attention.layer_norm_rms_epsilon": { float32: 1e-6 },
      "qwen2.rope.freq_base": { float32: 1e6 },
    },
    tokenizer,
    tensors,
  );
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, "w");
  try {
    await file.write(header);
    for (const [index, tensor] of tensors.entries()) {
      for (const bytes of tensorData(tensor, index, recipe)) {
        signal.throwIfAborted();
        await file.write(bytes);
      }
      const padding = aligned(tensorBytes(tensor)) - tensorBytes(tensor);
      if (padding > 0) await file.write(Buffer.alloc(padding));
    }
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

function* tensorData(tensor: TensorPlan, index: number, recipe: ModelRecipe): Generator<Uint8Array> {
  const total = tensorBytes(tensor);
  if (tensor.type === "f32") {
    yield new Uint8Array(new Float32Array(total / 4).fill(tensor.value).buffer);
    return;
  }
  const piece = new Uint8Array(Math.min(total, 34 * blocksAtOnce));
  for (let at = 0; at < total; at += piece.length) {
    const bytes = piece.subarray(0, Math.min(piece.length, total - at));
    // A seed for every piece, so that pieces do not repeat each other.
    const seed = (base: number) => base * 1_000_003 + index * 1009 + at / piece.length;
    const { perturbation } = recipe;
    fillBlocks(
      bytes,
      seed(recipe.seed),
      tensor.deviation,
      perturbation === null ? null : { ...perturbation, seed: seed(perturbation.seed) },
    );
    yield bytes;
  }
}

function tokenCount(tokenizer: readonly Buffer[]): number {
  const key = "tokenizer.ggml.tokens";
  const tokens = tokenizer.find((pair) => pair.toString("utf8", 8, 8 + Number(pair.readBigUInt64LE(0))) === key);
  if (tokens === undefined) throw new Error(`the vocabulary file has no ${key}`);
  // Length of the key, key, type of the value, type of the items, count.
  return Number(tokens.readBigUInt64LE(8 + key.length + 4 + 4));
}
