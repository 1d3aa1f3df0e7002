import type { Embedder } from "@unshift/contracts";

/** Rows of questions, each embedded once a run. */
export class QueryRows {
  readonly #embedder: Embedder;
  readonly #signal: AbortSignal;
  readonly #rows = new Map<string, Promise<Float64Array>>();

  constructor(embedder: Embedder, signal: AbortSignal) {
    this.#embedder = embedder;
    this.#signal = signal;
  }

  of(question: string): Promise<Float64Array> {
    const known = this.#rows.get(question);
    if (known !== undefined) return known;
    const row = this.#embed(question);
    this.#rows.set(question, row);
    // A failure is told to whoever asked, and not remembered.
    row.catch(() => this.#rows.delete(question));
    return row;
  }

  async #embed(question: string): Promise<Float64Array> {
    const { rows } = await this.#embedder.embed([question], { signal: this.#signal });
    return Float64Array.from(rows);
  }
}
