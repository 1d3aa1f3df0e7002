/**
 * A model that says one text and nothing else: attention and feed-forward weights are zero and each id's output row is the
 * embedding of the id before it, so greedy decoding walks the chain BOS → first piece → … → end of sequence.
 */
import { tinyTokens, writeTinyModel } from "./tiny-gguf.mjs";

/**
 * @param {string} path
 * @param {readonly (string | number)[]} pieces what is said, a token each: texts, or single bytes as numbers. No two are equal.
 * @param {{ ends?: boolean }} [options] `ends`: says end-of-sequence behind the last piece; otherwise begins again
 */
export function writeParrot(path, pieces, { ends = true } = {}) {
  const tokens = tinyTokens().slice(0, 259);
  const chain = [1];
  for (const piece of pieces) {
    const text = String(piece).replaceAll(" ", "▁");
    if (typeof piece === "number") chain.push(3 + piece);
    else chain.push(tokens.push({ text, type: 1, score: -1 }) - 1);
  }
  if (new Set(chain).size !== chain.length) throw new Error("a parrot says no token twice");
  const next = new Map(chain.map((id, i) => [id, chain[i + 1] ?? (ends ? 2 : chain[1])]));
  const d = 64;
  let embeddings = new Float32Array();
  writeTinyModel(path, {
    tokens,
    layers: 1,
    embedding: d,
    weights: (name, values) => {
      if (/attn_output|ffn_down/.test(name)) values.fill(0);
      if (name === "output_norm.weight") values.fill(1);
      if (name === "token_embd.weight") embeddings = values;
      if (name === "output.weight") {
        values.fill(0);
        for (const [id, follower] of next)
          for (let i = 0; i < d; i++) values[follower * d + i] += embeddings[id * d + i];
      }
    },
  });
  return path;
}
