/**
 * Hidden states of the tiny models of tiny-gguf.mjs by a plain float64 pass of our own, for comparison with llama.cpp. Weights as
 * `writeTinyModel({ weights })` hands them out: name → values, [in, out] with `in` running fastest.
 */

/** @typedef {(name: string) => Float64Array} Weights */

/** y[o] = Σ_i W[o, i] x[i] (+ b[o]) @param {Weights} w @param {string} name @param {Float64Array} x @param {boolean} [bias] */
function linear(w, name, x, bias = false) {
  const matrix = w(`${name}.weight`);
  const y = new Float64Array(matrix.length / x.length);
  const shift = bias ? w(`${name}.bias`) : null;
  for (let o = 0; o < y.length; o++) {
    let sum = shift ? shift[o] : 0;
    for (let i = 0; i < x.length; i++) sum += matrix[o * x.length + i] * x[i];
    y[o] = sum;
  }
  return y;
}

const mean = (/** @type {Float64Array} */ x) => x.reduce((sum, value) => sum + value, 0) / x.length;
const plus = (/** @type {Float64Array} */ x, /** @type {Float64Array} */ y) => x.map((value, i) => value + y[i]);
const row = (/** @type {Float64Array} */ table, /** @type {number} */ i, /** @type {number} */ d) =>
  table.slice(i * d, i * d + d);

/** @param {Float64Array} x @param {Float64Array} scale */
function rmsNorm(x, scale) {
  const length = Math.sqrt(mean(x.map((value) => value * value)) + 1e-5);
  return x.map((value, i) => (value / length) * scale[i]);
}

/** @param {Weights} w @param {string} name @param {Float64Array} x */
function layerNorm(w, name, x) {
  const [scale, shift, centre] = [w(`${name}.weight`), w(`${name}.bias`), mean(x)];
  const spread = Math.sqrt(mean(x.map((value) => (value - centre) ** 2)) + 1e-12);
  return x.map((value, i) => ((value - centre) / spread) * scale[i] + shift[i]);
}

/** llama.cpp's plain rotation: pairs (0, 1), (2, 3) … of each head. @param {Float64Array} x @param {number} position @param {number} size */
function rotate(x, position, size) {
  const y = x.slice();
  for (let i = 0; i < x.length; i += 2) {
    const angle = position * 10000 ** (-(i % size) / size);
    y[i] = x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle);
    y[i + 1] = x[i] * Math.sin(angle) + x[i + 1] * Math.cos(angle);
  }
  return y;
}

/** Qwen3's: pairs (0, size / 2), (1, size / 2 + 1) … of each head. @param {Float64Array} x @param {number} position @param {number} size */
function rotateHalves(x, position, size) {
  const y = x.slice();
  for (let from = 0; from < x.length; from += size)
    for (let i = 0; i < size / 2; i++) {
      const [a, b] = [from + i, from + i + size / 2];
      const angle = position * 10000 ** ((-2 * i) / size);
      y[a] = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
      y[b] = x[a] * Math.sin(angle) + x[b] * Math.cos(angle);
    }
  return y;
}

/** Each head by itself. @param {Float64Array} x @param {Float64Array} scale */
function headNorm(x, scale) {
  const y = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += scale.length)
    y.set(rmsNorm(x.slice(from, from + scale.length), scale), from);
  return y;
}

/**
 * Softmax attention; with fewer key heads than query heads, neighbours share one.
 * @param {Float64Array[]} q @param {Float64Array[]} k @param {Float64Array[]} v @param {number} heads @param {boolean} causal
 */
function attention(q, k, v, heads, causal) {
  const size = q[0].length / heads;
  const group = q[0].length / k[0].length;
  return q.map((query, t) => {
    const out = new Float64Array(query.length);
    const keys = causal ? k.slice(0, t + 1) : k;
    for (let h = 0; h < heads; h++) {
      const from = Math.floor(h / group) * size;
      const scores = keys.map((key) => {
        let dot = 0;
        for (let i = 0; i < size; i++) dot += query[h * size + i] * key[from + i];
        return Math.exp(dot / Math.sqrt(size));
      });
      const total = scores.reduce((a, b) => a + b, 0);
      scores.forEach((score, s) => {
        for (let i = 0; i < size; i++) out[h * size + i] += (score / total) * v[s][from + i];
      });
    }
    return out;
  });
}

/** States [n, d] behind the last norm, of a LLaMA or a Qwen3. @param {Weights} w @param {Int32Array} ids */
export function llamaStates(w, ids, { layers = 2, embedding = 64, heads = 4, qwen3 = false } = {}) {
  const size = embedding / heads;
  let states = [...ids].map((id) => row(w("token_embd.weight"), id, embedding));
  for (let l = 0; l < layers; l++) {
    const normed = states.map((x) => rmsNorm(x, w(`blk.${l}.attn_norm.weight`)));
    const [q, k, v] = ["q", "k", "v"].map((part) => normed.map((x) => linear(w, `blk.${l}.attn_${part}`, x)));
    const turned = [q, k].map((rows, part) =>
      rows.map((x, t) =>
        qwen3 ? rotateHalves(headNorm(x, w(`blk.${l}.attn_${"qk"[part]}_norm.weight`)), t, size) : rotate(x, t, size),
      ),
    );
    const seen = attention(turned[0], turned[1], v, heads, true);
    states = states.map((x, t) => plus(x, linear(w, `blk.${l}.attn_output`, seen[t])));
    states = states.map((x) => {
      const y = rmsNorm(x, w(`blk.${l}.ffn_norm.weight`));
      const gate = linear(w, `blk.${l}.ffn_gate`, y);
      const up = linear(w, `blk.${l}.ffn_up`, y);
      const inner = gate.map((value, i) => (value / (1 + Math.exp(-value))) * up[i]);
      return plus(x, linear(w, `blk.${l}.ffn_down`, inner));
    });
  }
  return states.map((x) => rmsNorm(x, w("output_norm.weight")));
}

const gelu = (/** @type {number} */ x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/** States [n, d] of a BERT; every token of type 0. @param {Weights} w @param {Int32Array} ids */
export function bertStates(w, ids, { layers = 2, embedding = 64, heads = 4 } = {}) {
  const type = row(w("token_types.weight"), 0, embedding);
  let states = [...ids].map((id, t) =>
    layerNorm(
      w,
      "token_embd_norm",
      plus(plus(row(w("token_embd.weight"), id, embedding), type), row(w("position_embd.weight"), t, embedding)),
    ),
  );
  for (let l = 0; l < layers; l++) {
    const [q, k, v] = ["q", "k", "v"].map((part) => states.map((x) => linear(w, `blk.${l}.attn_${part}`, x, true)));
    const seen = attention(q, k, v, heads, false);
    states = states.map((x, t) => {
      const attended = plus(x, linear(w, `blk.${l}.attn_output`, seen[t], true));
      const y = layerNorm(w, `blk.${l}.attn_output_norm`, attended);
      const inner = linear(w, `blk.${l}.ffn_up`, y, true).map(gelu);
      return layerNorm(w, `blk.${l}.layer_output_norm`, plus(y, linear(w, `blk.${l}.ffn_down`, inner, true)));
    });
  }
  return states;
}

/** One row of length 1. @param {Float64Array[]} states @param {"mean" | "last" | "cls"} pooling */
export function pooled(states, pooling) {
  const sum =
    pooling === "mean" ? states.reduce(plus) : /** @type {Float64Array} */ (states.at(pooling === "last" ? -1 : 0));
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return sum.map((value) => value / length);
}

/** Outputs of a classifier head over the state of [CLS]. @param {Weights} w @param {Float64Array} state @param {"dense" | "plain"} head */
export function headOutputs(w, state, head) {
  const inner = head === "dense" ? linear(w, "cls", state, true).map(Math.tanh) : state;
  return linear(w, "cls.output", inner, true);
}

/** Qwen3's head: no bias, a softmax behind it. @param {Weights} w @param {Float64Array} state */
export function headProbabilities(w, state) {
  const outputs = linear(w, "cls.output", state);
  const most = Math.max(...outputs);
  const powers = outputs.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}
