/**
 * Writes small random-weight GGUF models for tests: a LLaMA shape of a few hundred thousand weights, a Qwen3, a
 * Mamba or a BERT. Plain
 * bytes, no dependency; the same options give the same file.
 */
import { writeFileSync } from "node:fs";

const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };
const TENSOR = { f32: 0, f16: 1, q4_0: 2, q8_0: 8 };

/** mulberry32 → roughly normal. @param {number} seed */
function randomNormal(seed) {
  let a = seed >>> 0;
  const uniform = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

class Writer {
  chunks = [];
  length = 0;
  bytes(buffer) {
    this.chunks.push(buffer);
    this.length += buffer.length;
    return this;
  }
  u32(value) {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(value >>> 0);
    return this.bytes(b);
  }
  u64(value) {
    const b = Buffer.alloc(8);
    b.writeBigUInt64LE(BigInt(value));
    return this.bytes(b);
  }
  f32(value) {
    const b = Buffer.alloc(4);
    b.writeFloatLE(value);
    return this.bytes(b);
  }
  text(value) {
    const b = Buffer.isBuffer(value) ? value : Buffer.from(value);
    return this.u64(b.length).bytes(b);
  }
  pad(to) {
    const rest = this.length % to;
    return rest === 0 ? this : this.bytes(Buffer.alloc(to - rest));
  }
}

function toHalf(value) {
  const f = new Float32Array([value]);
  const bits = new Uint32Array(f.buffer)[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign;
  return sign | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

/** Encodes values [n] as a tensor type. */
function encode(values, type) {
  if (type === "f32") return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (type === "f16") {
    const out = Buffer.alloc(values.length * 2);
    for (let i = 0; i < values.length; i++) out.writeUInt16LE(toHalf(values[i]), i * 2);
    return out;
  }
  const blocks = values.length / 32;
  const size = type === "q8_0" ? 34 : 18;
  const out = Buffer.alloc(blocks * size);
  for (let b = 0; b < blocks; b++) {
    const block = values.subarray(b * 32, b * 32 + 32);
    let peak = 0;
    for (const x of block) peak = Math.max(peak, Math.abs(x));
    const levels = type === "q8_0" ? 127 : 7;
    const scale = peak / levels || 1e-3;
    out.writeUInt16LE(toHalf(scale), b * size);
    for (let i = 0; i < 32; i++) {
      const q = Math.max(-levels, Math.min(levels, Math.round(block[i] / scale)));
      if (type === "q8_0") out.writeInt8(q, b * size + 2 + i);
      else out[b * size + 2 + (i % 16)] |= (q + 8) << (i < 16 ? 0 : 4);
    }
  }
  return out;
}

/** SentencePiece-like tokens: specials, bytes (unless left out), letters and some words. */
export function tinyTokens({ byteTokens = true, extra = 0, unknown = true } = {}) {
  const tokens = [];
  if (unknown) tokens.push({ text: "<unk>", type: 2, score: 0 });
  tokens.push({ text: "<s>", type: 3, score: 0 }, { text: "</s>", type: 3, score: 0 });
  if (byteTokens)
    for (let i = 0; i < 256; i++)
      tokens.push({ text: `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`, type: 6, score: 0 });
  const pieces = ["▁", ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?:'-#\n", "é", "☃"];
  for (const piece of pieces) tokens.push({ text: piece, type: 1, score: -1000 });
  const words = [
    "▁the",
    "▁of",
    "▁and",
    "▁to",
    "▁a",
    "▁in",
    "he",
    "er",
    "ing",
    "▁sn",
    "▁User",
    "▁he",
    "th",
    "▁th",
    "# ",
    "##",
    "lo",
    "el",
    "▁w",
    "or",
  ];
  words.forEach((word, i) => {
    tokens.push({ text: word, type: 1, score: -i - 1 });
  });
  for (let i = 0; i < extra; i++) tokens.push({ text: `<extra_${i}>`, type: 4, score: 0 });
  return tokens;
}

/** WordPiece as GGUF spells it: a word's first piece begins with "▁", the rest have no mark. */
export function tinyWordPieces() {
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
  const texts = [
    ..."[PAD] [UNK] [CLS] [SEP] [MASK]".split(" "),
    ...letters.map((letter) => `▁${letter}`),
    ...letters,
    ...[...".,!?"].map((mark) => `▁${mark}`),
    ..."▁the ▁of ▁and ▁metal ▁gold ing er est".split(" "),
  ];
  return texts.map((text, id) => ({ text, type: id < 5 ? 3 : 1, score: 0 }));
}

function addBertLayers(add, layers, embedding, spread) {
  const ff = embedding * 2;
  const norm = (name) => {
    add(`${name}.weight`, [embedding], false);
    add(`${name}.bias`, [embedding], true, 0.1, true);
  };
  const linear = (name, from, to) => {
    add(`${name}.weight`, [from, to], true, spread);
    add(`${name}.bias`, [to], true, 0.1, true);
  };
  norm("token_embd_norm");
  for (let i = 0; i < layers; i++) {
    for (const part of ["attn_q", "attn_k", "attn_v", "attn_output"]) linear(`blk.${i}.${part}`, embedding, embedding);
    norm(`blk.${i}.attn_output_norm`);
    linear(`blk.${i}.ffn_up`, embedding, ff);
    linear(`blk.${i}.ffn_down`, ff, embedding);
    norm(`blk.${i}.layer_output_norm`);
  }
}

/** A classifier head: [CLS] → tanh of a dense layer where it is `dense` → outputs. */
function addHead(add, head, embedding, outputs, spread) {
  if (head === "dense") {
    add("cls.weight", [embedding, embedding], true, spread);
    add("cls.bias", [embedding], true, 0.1, true);
  }
  add("cls.output.weight", [embedding, outputs], true, spread);
  add("cls.output.bias", [outputs], true, 0.1, true);
}

function addAttentionLayers(add, layers, embedding, spread, headNorm) {
  const ff = embedding * 2;
  const kv = embedding / 2;
  for (let i = 0; i < layers; i++) {
    add(`blk.${i}.attn_norm.weight`, [embedding], false);
    add(`blk.${i}.attn_q.weight`, [embedding, embedding], true, spread);
    add(`blk.${i}.attn_k.weight`, [embedding, kv], true, spread);
    add(`blk.${i}.attn_v.weight`, [embedding, kv], true, spread);
    if (headNorm) for (const part of ["q", "k"]) add(`blk.${i}.attn_${part}_norm.weight`, [headNorm], false);
    add(`blk.${i}.attn_output.weight`, [embedding, embedding], true, spread);
    add(`blk.${i}.ffn_norm.weight`, [embedding], false);
    add(`blk.${i}.ffn_gate.weight`, [embedding, ff], true, spread);
    add(`blk.${i}.ffn_up.weight`, [embedding, ff], true, spread);
    add(`blk.${i}.ffn_down.weight`, [ff, embedding], true, spread);
  }
}

function addMambaLayers(add, layers, embedding, spread) {
  const inner = 2 * embedding;
  const [kernel, state, rank] = [4, 16, 4];
  const float = true;
  for (let i = 0; i < layers; i++) {
    add(`blk.${i}.attn_norm.weight`, [embedding], false);
    add(`blk.${i}.ssm_in.weight`, [embedding, 2 * inner], true, spread);
    add(`blk.${i}.ssm_conv1d.weight`, [kernel, inner], true, 0.5, float);
    add(`blk.${i}.ssm_conv1d.bias`, [inner], false);
    add(`blk.${i}.ssm_x.weight`, [inner, rank + 2 * state], true, spread, float);
    add(`blk.${i}.ssm_dt.weight`, [rank, inner], true, 0.3, float);
    add(`blk.${i}.ssm_dt.bias`, [inner], false);
    add(`blk.${i}.ssm_a`, [state, inner], true, -0.5, float);
    add(`blk.${i}.ssm_d`, [inner], false);
    add(`blk.${i}.ssm_out.weight`, [inner, embedding], true, spread);
  }
}

/**
 * @param {string} path
 * @param {{ architecture?: "llama" | "mamba" | "bert" | "qwen3", seed?: number, type?: "f32" | "f16" | "q8_0" | "q4_0", tokens?: ReturnType<typeof tinyTokens>, layers?: number, embedding?: number,
 *   context?: number, scale?: number, metadata?: Record<string, string>, numbers?: Record<string, number>, causal?: null, labels?: string[], head?: "dense" | "plain", weights?: (name: string, values: Float32Array) => void }} [options]
 */
export function writeTinyModel(path, options = {}) {
  const {
    seed = 1,
    type = "f32",
    layers = 2,
    embedding = 64,
    context = 1024,
    scale = 1,
    metadata = {},
    numbers = {},
    weights,
  } = options;
  const bert = options.architecture === "bert";
  const tokens = options.tokens ?? (bert ? tinyWordPieces() : tinyTokens());
  const v = tokens.length;
  const heads = 4;
  const ff = embedding * 2;

  const meta = new Writer();
  let keys = 0;
  const put = (key, kind, write) => {
    meta.text(key).u32(TYPE[kind]);
    write();
    keys++;
  };
  const putText = (key, value) => put(key, "string", () => meta.text(value));
  const putInt = (key, value) => put(key, "uint32", () => meta.u32(value));
  const putArray = (key, kind, values, write) =>
    put(key, "array", () => {
      meta.u32(TYPE[kind]).u64(values.length);
      for (const value of values) write(value);
    });
  const mamba = options.architecture === "mamba";
  const arch = options.architecture ?? "llama";
  putText("general.architecture", arch);
  putText("general.name", "tiny random");
  putInt(`${arch}.context_length`, context);
  putInt(`${arch}.embedding_length`, embedding);
  putInt(`${arch}.block_count`, layers);
  putInt(`${arch}.feed_forward_length`, mamba ? 0 : ff);
  putInt(`${arch}.attention.head_count`, mamba ? 0 : heads);
  const qwen3 = arch === "qwen3";
  if (arch === "llama" || qwen3) putInt(`${arch}.attention.head_count_kv`, heads / 2);
  if (arch === "llama") putInt("llama.rope.dimension_count", embedding / heads);
  if (bert) {
    put("bert.attention.layer_norm_epsilon", "float32", () => meta.f32(1e-12));
    if (options.causal !== null) put("bert.attention.causal", "bool", () => meta.bytes(Buffer.from([0])));
    putInt("tokenizer.ggml.token_type_count", 2);
  }
  if (options.labels)
    putArray(`${arch}.classifier.output_labels`, "string", options.labels, (label) => meta.text(label));
  putInt(`${arch}.vocab_size`, v);
  put(`${arch}.attention.layer_norm_rms_epsilon`, "float32", () => meta.f32(1e-5));
  if (mamba) {
    putInt("mamba.ssm.conv_kernel", 4);
    putInt("mamba.ssm.inner_size", 2 * embedding);
    putInt("mamba.ssm.state_size", 16);
    putInt("mamba.ssm.time_step_rank", 4);
  }
  putText("tokenizer.ggml.model", bert ? "bert" : "llama");
  putArray("tokenizer.ggml.tokens", "string", tokens, (token) => meta.text(token.text));
  putArray("tokenizer.ggml.scores", "float32", tokens, (token) => meta.f32(token.score));
  putArray("tokenizer.ggml.token_type", "int32", tokens, (token) => meta.u32(token.type));
  const idOf = (text) => tokens.findIndex((token) => token.text === text);
  const specials = bert
    ? { bos: "[CLS]", seperator: "[SEP]", unknown: "[UNK]", padding: "[PAD]", mask: "[MASK]" }
    : { bos: "<s>", eos: "</s>", unknown: "<unk>" };
  for (const [role, text] of Object.entries(specials))
    if (idOf(text) >= 0) putInt(`tokenizer.ggml.${role}_token_id`, idOf(text));
  for (const [key, value] of Object.entries(numbers)) putInt(key, value);
  for (const [key, value] of Object.entries(metadata)) putText(key, value);

  const normal = randomNormal(seed);
  const tensors = [];
  const add = (name, dims, matrix, spread, float = false) => {
    const values = new Float32Array(dims.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = matrix ? normal() * spread : 1 + 0.1 * normal();
    weights?.(name, values);
    // A state decays: A is negative.
    if (name.endsWith("ssm_a")) for (let i = 0; i < values.length; i++) values[i] = -Math.abs(values[i]) - 0.1;
    const kind = matrix && !float ? type : "f32";
    tensors.push({ name, dims, kind, data: encode(values, kind) });
  };
  const spread = 1 / Math.sqrt(embedding);
  add("token_embd.weight", [embedding, v], true, 1);
  if (bert) {
    add("token_types.weight", [embedding, 2], true, 1, true);
    add("position_embd.weight", [embedding, context], true, 0.5);
    addBertLayers(add, layers, embedding, spread);
    if (options.head) addHead(add, options.head, embedding, options.labels?.length ?? 1, spread);
  } else {
    if (mamba) addMambaLayers(add, layers, embedding, spread);
    else addAttentionLayers(add, layers, embedding, spread, qwen3 ? embedding / heads : 0);
    add("output_norm.weight", [embedding], false);
    add("output.weight", [embedding, v], true, scale * 3 * spread);
    if (qwen3 && options.head) add("cls.output.weight", [embedding, options.labels?.length ?? 1], true, spread);
  }

  const head = new Writer()
    .bytes(Buffer.from("GGUF"))
    .u32(3)
    .u64(tensors.length)
    .u64(keys)
    .bytes(Buffer.concat(meta.chunks));
  let offset = 0;
  for (const tensor of tensors) {
    head.text(tensor.name).u32(tensor.dims.length);
    for (const extent of tensor.dims) head.u64(extent);
    head.u32(TENSOR[tensor.kind]).u64(offset);
    offset += Math.ceil(tensor.data.length / 32) * 32;
  }
  const headerBytes = head.length;
  head.pad(32);
  for (const tensor of tensors) head.bytes(tensor.data).pad(32);
  writeFileSync(path, Buffer.concat(head.chunks));
  return { path, tokens, vocabulary: v, headerBytes };
}
