/**
 * Rewrites a GGUF file's F16 tensors as F32. With F16 weights ggml rounds activations to half precision too, which moves
 * log-probabilities by about 1e-2; the same weights as F32 leave nothing to excuse.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FIXED = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** @param {number} bits */
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** @param {string} from @param {string} to */
export function widen(from, to) {
  const file = readFileSync(from);
  let at = 24;
  const u32 = () => {
    at += 4;
    return file.readUInt32LE(at - 4);
  };
  const u64 = () => {
    at += 8;
    return Number(file.readBigUInt64LE(at - 8));
  };
  const skipValue = (/** @type {number} */ type) => {
    if (type === 8) {
      const length = u64();
      at += length;
    } else if (type === 9) {
      const element = u32();
      const count = u64();
      if (FIXED[element]) at += count * FIXED[element];
      else for (let i = 0; i < count; i++) skipValue(element);
    } else at += FIXED[type];
  };
  const tensors = Number(file.readBigUInt64LE(8));
  const keys = Number(file.readBigUInt64LE(16));
  for (let i = 0; i < keys; i++) {
    skipValue(8);
    skipValue(u32());
  }
  const infos = at;
  const list = [];
  for (let i = 0; i < tensors; i++) {
    skipValue(8);
    const dimensions = u32();
    let elements = 1;
    for (let d = 0; d < dimensions; d++) elements *= u64();
    const typeAt = at;
    list.push({ elements, typeAt, type: u32(), offset: u64() });
  }
  const align = (/** @type {number} */ n) => Math.ceil(n / 32) * 32;
  const start = align(at);
  const head = Buffer.concat([file.subarray(0, at), Buffer.alloc(start - at)]);
  const chunks = [head];
  let offset = 0;
  for (const tensor of list) {
    if (tensor.type > 1 || tensor.typeAt < infos) throw new Error("only F32 and F16 tensors can be widened");
    const data = Buffer.alloc(align(tensor.elements * 4));
    for (let i = 0; i < tensor.elements; i++) {
      const source = start + tensor.offset;
      data.writeFloatLE(
        tensor.type === 0 ? file.readFloatLE(source + 4 * i) : fromHalf(file.readUInt16LE(source + 2 * i)),
        4 * i,
      );
    }
    head.writeUInt32LE(0, tensor.typeAt);
    head.writeBigUInt64LE(BigInt(offset), tensor.typeAt + 4);
    offset += data.length;
    chunks.push(data);
  }
  writeFileSync(to, Buffer.concat(chunks));
}
