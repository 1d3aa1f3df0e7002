import type { Decoding } from "@unshift/contracts/services";

/**
 * Picks ids from rows of logits: repetition penalty over prompt and output (Hugging Face semantics), then top-k, top-p, min-p,
 * temperature. Temperature 0 takes the greatest logit, of equal ones the smaller id.
 */
export class FakeSampler {
  readonly #decoding: Decoding;
  readonly #seen: Set<number>;
  #random: number;

  constructor(decoding: Decoding, promptIds: Iterable<number>) {
    this.#decoding = decoding;
    this.#seen = new Set(promptIds);
    this.#random = decoding.seed | 0;
  }

  next(logits: Float64Array): number {
    const id = this.#pick(this.#penalised(logits));
    this.#seen.add(id);
    return id;
  }

  #penalised(logits: Float64Array): Float64Array {
    const penalty = this.#decoding.repetitionPenalty;
    if (penalty === 1) return logits;
    return logits.map((logit, id) => (this.#seen.has(id) ? (logit > 0 ? logit / penalty : logit * penalty) : logit));
  }

  #pick(logits: Float64Array): number {
    const { temperature, topK, topP, minP } = this.#decoding;
    if (temperature === 0) return logits.indexOf(logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
    let candidates = Array.from(logits, (logit, id) => ({ id, logit })).sort(
      (a, b) => b.logit - a.logit || a.id - b.id,
    );
    const highest = candidates[0];
    if (highest === undefined) throw new RangeError("an empty row of logits");
    if (topK > 0) candidates = candidates.slice(0, topK);
    if (topP < 1) candidates = nucleus(candidates, topP);
    candidates = candidates.filter(({ logit }) => Math.exp(logit - highest.logit) >= minP);
    const weights = candidates.map(({ logit }) => Math.exp((logit - highest.logit) / temperature));
    let left = this.#uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, candidate] of candidates.entries()) {
      left -= weights[index] ?? 0;
      if (left < 0) return candidate.id;
    }
    return candidates.at(-1)?.id ?? highest.id;
  }

  /** [0, 1), a Weyl sequence through a 32-bit finaliser. */
  #uniform(): number {
    this.#random = (this.#random + 0x9e3779b9) | 0;
    let hash = this.#random;
    hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
    return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
  }
}

/** The fewest likeliest candidates that hold `topP` of the probability. */
function nucleus<T extends { readonly logit: number }>(candidates: readonly T[], topP: number): T[] {
  const highest = candidates[0]?.logit ?? 0;
  const weights = candidates.map(({ logit }) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let held = 0;
  const count = weights.findIndex((weight) => {
    held += weight;
    return held / total >= topP;
  });
  return candidates.slice(0, count < 0 ? candidates.length : count + 1);
}
