import type { Neighbour } from "./search-index.js";

/** The best `count` of all rows offered: larger scores first, of equal ones the smaller row, in whatever order they come. */
export class Nearest {
  readonly #count: number;
  readonly #found: Neighbour[] = [];
  #worst = Number.NEGATIVE_INFINITY;

  constructor(count: number) {
    this.#count = count;
  }

  /** What a row must at least reach to be among them. */
  get worst(): number {
    return this.#worst;
  }

  offer(row: number, score: number): void {
    const found = this.#found;
    if (found.length === this.#count && !isNearer(row, score, found.at(-1))) return;
    let [low, high] = [0, found.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isNearer(row, score, found[middle])) high = middle;
      else low = middle + 1;
    }
    found.splice(low, 0, { row, score });
    if (found.length > this.#count) found.pop();
    if (found.length === this.#count) this.#worst = found.at(-1)?.score ?? this.#worst;
  }

  /** The nearest first. */
  list(): readonly Neighbour[] {
    return this.#found;
  }
}

function isNearer(row: number, score: number, other: Neighbour | undefined): boolean {
  return other === undefined || score > other.score || (score === other.score && row < other.row);
}
