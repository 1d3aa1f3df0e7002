import { UnshiftError } from "@unshift/contracts";
import type { LogitsBlock, LogitsItem } from "@unshift/contracts/services";
import { advance, contextOf, type FakeDistribution, fakeLogits } from "./fake-distribution.js";

/** Rows of a fake model, each as the formula gives it, rounded to float32 and from there to float16. */
export function* fakeRows(model: FakeDistribution, item: LogitsItem): Generator<LogitsBlock> {
  const { ids, from, dtype } = item;
  const rows = item.rows ?? Int32Array.from({ length: ids.length - from }, (_, index) => from + index);
  if (from < 0 || from >= ids.length || rows.some((row) => row < from || row >= ids.length)) {
    throw new UnshiftError("NATIVE_INVALID_ARGUMENT", `rows run from ${from} to ${ids.length - 1}`);
  }
  const rowBytes = model.size * (dtype === "f16" ? 2 : 4);
  const most = Math.max(1, Math.floor((item.blockBytes ?? 2 ** 20) / rowBytes));
  let state = contextOf([]);
  let read = 0;
  for (let at = 0; at < rows.length; at += most) {
    const block = rows.slice(at, at + most);
    const exact = new Float32Array(block.length * model.size);
    for (const [index, row] of block.entries()) {
      for (; read <= row; read += 1) state = advance(state, ids[read] ?? 0);
      const logits = fakeLogits(model, state);
      exact.set(item.logProbabilities ? logSoftmax(logits) : logits, index * model.size);
    }
    yield { rows: block, values: dtype === "f16" ? Uint16Array.from(exact, toHalf) : exact };
  }
}

function logSoftmax(logits: Float64Array): Float64Array {
  const max = Math.max(...logits);
  const logSum = Math.log(logits.reduce((sum, x) => sum + Math.exp(x - max), 0));
  return logits.map((x) => x - max - logSum);
}

/** Bits of the binary16 nearest to `x`, ties to even. */
function toHalf(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(x);
  if (Number.isNaN(x)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  let exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  if (magnitude < 2 ** exponent && exponent > -14) exponent -= 1;
  // A power of two divides exactly; the integer part carries the leading bit of a normal number.
  const scaled = magnitude / 2 ** (exponent - 10);
  const below = Math.floor(scaled);
  const up = scaled - below > 0.5 || (scaled - below === 0.5 && below % 2 === 1);
  return sign | (((exponent + 14) << 10) + below + (up ? 1 : 0));
}
