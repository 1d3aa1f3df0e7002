/** One of the tokens AlignTDS kept per position: its 30 best by logit, best first. */
export interface CompatToken {
  readonly token_id: number;
  /** Decoded string; several ids may print alike. */
  readonly token: string;
  readonly logit: number;
}

/** A list ready for the compat metrics. */
export interface CompatList {
  readonly ids: readonly number[];
  readonly strings: readonly string[];
  /** Softmax over the list alone: not the model's probabilities. */
  readonly probabilities: readonly number[];
}

export function compatList(tokens: readonly CompatToken[]): CompatList {
  const largest = tokens.reduce((max, { logit }) => Math.max(max, logit), Number.NEGATIVE_INFINITY);
  const weights = tokens.map(({ logit }) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    ids: tokens.map(({ token_id }) => token_id),
    strings: tokens.map(({ token }) => token),
    probabilities: weights.map((weight) => weight / total),
  };
}

/** Probability of a string's first appearance among the first k; 0 where it does not appear. */
export function compatProbability(list: CompatList, string: string, k: number): number {
  const at = compatIndex(list, string, k);
  return at < 0 ? 0 : (list.probabilities[at] ?? 0);
}

/** Index of a string's first appearance among the first k, or −1. */
export function compatIndex(list: CompatList, string: string, k: number): number {
  const at = list.strings.indexOf(string);
  return at < k ? at : -1;
}

/** Distinct strings among the first k. */
export function compatStrings(list: CompatList, k: number): Set<string> {
  return new Set(list.strings.slice(0, k));
}
