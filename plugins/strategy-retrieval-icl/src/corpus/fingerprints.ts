import { hash } from "node:crypto";

/**
 * Text → row, for a million texts in 24 MB: only 64 bits of each text's sha256 are kept. That two of a million different texts
 * share them has a chance of 3 in 10⁸.
 */
export class Fingerprints {
  #high = new Uint32Array(1024);
  #low = new Uint32Array(1024);
  #rows = new Int32Array(1024).fill(-1);
  #size = 0;

  /** The row a text was added with, or −1. */
  find(text: string): number {
    const [high, low] = fingerprint(text);
    return this.#rows[this.#slot(high, low)] ?? -1;
  }

  /** Adds a text that is new; else nothing changes. The row it was added with before, or −1. */
  add(text: string, row: number): number {
    const [high, low] = fingerprint(text);
    const slot = this.#slot(high, low);
    const known = this.#rows[slot] ?? -1;
    if (known >= 0) return known;
    this.#put(slot, high, low, row);
    this.#size += 1;
    if (this.#size * 2 > this.#rows.length) this.#grow();
    return -1;
  }

  /** Where a fingerprint lies, or the free place where it would (open addressing, linear probing). */
  #slot(high: number, low: number): number {
    const mask = this.#rows.length - 1;
    let slot = low & mask;
    while (this.#rows[slot] !== -1 && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) & mask;
    return slot;
  }

  #put(slot: number, high: number, low: number, row: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#rows[slot] = row;
  }

  #grow(): void {
    const [highs, lows, rows] = [this.#high, this.#low, this.#rows];
    this.#high = new Uint32Array(rows.length * 2);
    this.#low = new Uint32Array(rows.length * 2);
    this.#rows = new Int32Array(rows.length * 2).fill(-1);
    rows.forEach((row, slot) => {
      const [high, low] = [highs[slot] ?? 0, lows[slot] ?? 0];
      if (row >= 0) this.#put(this.#slot(high, low), high, low, row);
    });
  }
}

function fingerprint(text: string): readonly [number, number] {
  const digest = hash("sha256", text, "buffer");
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}
