/** The sizes of a Qwen2 model. Widths are multiples of 32, the block of Q8_0. */
export interface ModelShape {
  readonly layers: number;
  /** Width of the residual stream. */
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  /** Heads of keys and values: each serves `heads / keyHeads` heads. */
  readonly keyHeads: number;
}

/** Qwen2.5-0.5B: with its 151,936 tokens 494 M parameters, 525 MB in Q8_0. */
export const halfBillion: ModelShape = { layers: 24, width: 896, feedForward: 4864, heads: 14, keyHeads: 2 };

/** Shows that everything works, in a second. */
export const handful: ModelShape = { layers: 2, width: 64, feedForward: 128, heads: 2, keyHeads: 1 };
