/** A reproducible stream of 32-bit integers; the same on every platform, since only integer operations are used. */
export interface Random {
  /** Next unsigned 32-bit integer. */
  next(): number;
  /** The same as calling `next` for every element, several times as fast. */
  fill(values: Uint32Array): void;
  /** Integer in [0, bound), `bound` ≤ 2^31: floor(next / 2^32 · bound). The bias is below bound / 2^32. */
  below(bound: number): number;
}

const two32 = 4294967296;

/**
 * xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32 from the seed and a label. Every table draws from a
 * stream of its own, named by the label, so that adding or leaving out one table never changes another's intervals.
 */
export function seededRandom(seed: number, label: string): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a safe integer, not ${seed}`);
  const nextState = splitmix32(mix(mix(fnv1a(label) ^ seed) ^ Math.floor(seed / two32)));
  const state = Int32Array.from({ length: 4 }, nextState);
  const one = new Uint32Array(1);
  const next = (): number => {
    fillXoshiro(state, one);
    return one[0] as number;
  };
  return {
    next,
    fill: (values) => fillXoshiro(state, values),
    below: (bound) => Math.floor((next() / two32) * bound),
  };
}

/** The state lives in locals while a block is filled. */
function fillXoshiro(state: Int32Array, values: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < values.length; i++) {
    const product = Math.imul(b, 5);
    values[i] = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

/** Fisher–Yates over 0 … n−1. */
export function shuffledIndices(n: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  };
}

/** A bijection of 32-bit integers that changes half the bits where one changes (the finaliser of MurmurHash3). */
function mix(bits: number): number {
  let z = bits | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** 32-bit FNV-1a over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
