/** A Q8_0 block: a float16 scale, then 32 signed bytes; a weight is their product. */
const blockWeights = 32;
const blockBytes = 34;
/** One standard deviation in steps of the signed byte: ±127 holds four of them. */
const stepsPerDeviation = 32;

/** 65,536 equally likely draws of a normal distribution with this deviation, rounded to whole steps and cut at ±127. */
function normalDraws(deviation: number): Int8Array {
  const draws = new Int8Array(65536);
  const density = (step: number) => Math.exp(-0.5 * (step / deviation) ** 2);
  let total = 0;
  for (let step = -127; step <= 127; step++) total += density(step);
  let cumulated = 0;
  let filled = 0;
  for (let step = -127; step <= 127; step++) {
    cumulated += density(step);
    const end = Math.round((65536 * cumulated) / total);
    draws.fill(step, filled, end);
    filled = end;
  }
  return draws;
}

const weightDraws = normalDraws(stepsPerDeviation);

/** How the twin's weights stray from the model's: a share of the weights' own standard deviation. */
export type Perturbation = { readonly seed: number; readonly deviation: number };

/**
 * Fills blocks with normal weights, the same for the same seed.
 *
 * @param blocks whole Q8_0 blocks, overwritten
 * @param deviation standard deviation of the weights
 */
export function fillBlocks(
  blocks: Uint8Array,
  seed: number,
  deviation: number,
  perturbation: Perturbation | null,
): void {
  const scale = float16(deviation / stepsPerDeviation);
  const random = xorshift(seed);
  for (let at = 0; at < blocks.length; at += blockBytes) {
    blocks[at] = scale & 0xff;
    blocks[at + 1] = scale >> 8;
    for (let i = at + 2; i < at + 2 + blockWeights; i += 2) {
      const drawn = random();
      blocks[i] = weightDraws[drawn & 0xffff] as number;
      blocks[i + 1] = weightDraws[drawn >>> 16] as number;
    }
  }
  if (perturbation !== null) perturb(blocks, perturbation);
}

function perturb(blocks: Uint8Array, { seed, deviation }: Perturbation): void {
  const strays = normalDraws(deviation * stepsPerDeviation);
  const random = xorshift(seed);
  const bytes = new Int8Array(blocks.buffer, blocks.byteOffset, blocks.length);
  for (let at = 0; at < blocks.length; at += blockBytes) {
    for (let i = at + 2; i < at + 2 + blockWeights; i += 2) {
      const drawn = random();
      bytes[i] = clamped((bytes[i] as number) + (strays[drawn & 0xffff] as number));
      bytes[i + 1] = clamped((bytes[i + 1] as number) + (strays[drawn >>> 16] as number));
    }
  }
}

function clamped(step: number): number {
  return Math.max(-127, Math.min(127, step));
}

/** Marsaglia's xorshift32, whole 32-bit numbers. */
function xorshift(seed: number): () => number {
  // A few rounds spread a small seed over all bits; 0 would stay 0.
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let round = 0; round < 8; round++) next();
  return next;
}

/** Bits of a positive number as IEEE 754 half precision, rounded to nearest; subnormals are kept. */
export function float16(value: number): number {
  const exponent = Math.max(-14, Math.floor(Math.log2(value)));
  const mantissa = Math.round((value / 2 ** exponent) * 1024);
  // A mantissa of 1024 … 2047 has its leading bit in the exponent's place; below 1024 the number is subnormal.
  return mantissa < 1024 ? mantissa : ((exponent + 15) << 10) + (mantissa - 1024);
}
