import type { TensorInfo } from "./gguf-header.js";
import type { ModelShape } from "./model-shape.js";

/** Matrices (Q8_0) hold normal weights, rows (F32) one value throughout. */
export type TensorPlan = TensorInfo &
  ({ readonly type: "q8_0"; readonly deviation: number } | { readonly type: "f32"; readonly value: number });

/** Standard deviation of the logits over the vocabulary: as wide as in a trained model. */
const logitDeviation = 4;

/**
 * Of the embedding, which is the output head too. Small beside what the layers add, as in a trained model: were it large, the logit of
 * the token that was read would stand out and every answer repeat one token.
 */
const embeddingDeviation = 0.02;

/**
 * The tensors of a Qwen2 whose output head is its embedding, in file order. Weights are as wide as keeps every activation near 1:
 * what comes in is normalised, so a product over n inputs takes a deviation of 1/√n.
 */
export function modelTensors(shape: ModelShape, vocabulary: number): TensorPlan[] {
  const { layers, width, feedForward, heads, keyHeads } = shape;
  const keyWidth = (width / heads) * keyHeads;
  const matrix = (name: string, inputs: number, outputs: number, deviation = 1 / Math.sqrt(inputs)): TensorPlan => ({
    name: `${name}.weight`,
    dimensions: [inputs, outputs],
    type: "q8_0",
    deviation,
  });
  const row = (name: string, length: number, value: number): TensorPlan => ({
    name,
    dimensions: [length],
    type: "f32",
    value,
  });
  const layer = (index: number): TensorPlan[] => {
    const name = (part: string) => `blk.${index}.${part}`;
    return [
      row(name("attn_norm.weight"), width, 1),
      matrix(name("attn_q"), width, width),
      row(name("attn_q.bias"), width, 0),
      matrix(name("attn_k"), width, keyWidth),
      row(name("attn_k.bias"), keyWidth, 0),
      matrix(name("attn_v"), width, keyWidth),
      row(name("attn_v.bias"), keyWidth, 0),
      matrix(name("attn_output"), width, width),
      row(name("ffn_norm.weight"), width, 1),
      matrix(name("ffn_gate"), width, feedForward),
      matrix(name("ffn_up"), width, feedForward),
      matrix(name("ffn_down"), feedForward, width),
    ];
  };
  return [
    matrix("token_embd", width, vocabulary, embeddingDeviation),
    row("output_norm.weight", width, logitDeviation / (embeddingDeviation * Math.sqrt(width))),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
  ];
}
