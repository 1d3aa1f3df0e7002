import type { JsonObject } from "@unshift/contracts";
import { Nearest } from "../nearest.js";
import type { Bm25Parameters } from "../options.js";
import type { Neighbour, SearchIndex } from "../search-index.js";
import type { Postings } from "./postings.js";
import { wordsOf } from "./words.js";

/** What Lucene takes, and its form of the weight: a word that most documents hold still counts a little, never against one. */
export const usualBm25: Bm25Parameters = { k1: 1.2, b: 0.75 };

/**
 * Okapi BM25 (Robertson and Zaragoza 2009, §3.4) over the instructions: the sum over the question's words, a repeated one as often
 * as it stands there, of ln(1 + (N − df + ½) / (df + ½)) · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / mean length)).
 */
export class Bm25Index implements SearchIndex {
  readonly provenance: JsonObject;
  readonly #postings: Postings;
  readonly #k1: number;
  /** k1 · (1 − b + b · length / mean length) of each document. */
  readonly #damping: Float64Array;
  readonly #scores: Float64Array;

  constructor(postings: Postings, { k1, b }: Bm25Parameters) {
    this.provenance = { kind: "bm25", k1, b };
    this.#postings = postings;
    this.#k1 = k1;
    const { lengths } = postings;
    const total = lengths.reduce((sum, length) => sum + length, 0);
    // Where no document holds a word there is no mean, and nothing to damp.
    const mean = Math.max(total, 1) / lengths.length;
    this.#damping = Float64Array.from(lengths, (length) => k1 * (1 - b + (b * length) / mean));
    this.#scores = new Float64Array(lengths.length);
  }

  /** Documents without any of the words have the score 0 and come last, in row order. */
  async search(question: string, count: number, skip: (row: number) => boolean): Promise<readonly Neighbour[]> {
    const scores = this.#scores.fill(0);
    for (const word of wordsOf(question)) this.#add(word, scores);
    const nearest = new Nearest(count);
    for (const [row, score] of scores.entries()) if (score >= nearest.worst && !skip(row)) nearest.offer(row, score);
    return nearest.list();
  }

  #add(word: string, scores: Float64Array): void {
    const { words, offsets, documents, counts, lengths } = this.#postings;
    const number = words.get(word);
    if (number === undefined) return;
    const [from, to] = [offsets[number] ?? 0, offsets[number + 1] ?? 0];
    const weight = Math.log(1 + (lengths.length - (to - from) + 0.5) / (to - from + 0.5)) * (this.#k1 + 1);
    for (let at = from; at < to; at += 1) {
      const row = documents[at] as number;
      const times = counts[at] as number;
      scores[row] = (scores[row] as number) + (weight * times) / (times + (this.#damping[row] as number));
    }
  }
}
