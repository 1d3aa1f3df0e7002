import { createHash } from "node:crypto";
import { type Embeddings, type Pooling, UnshiftError } from "@unshift/contracts";
import type { OpenEmbedder } from "@unshift/contracts/services";
import type { FakeCalls } from "./fake-calls.js";
import { hashText } from "./fake-distribution.js";
import type { FakeEngineOptions } from "./fake-options.js";
import type { FakeVocabulary } from "./fake-vocabulary.js";
import { pause } from "./pause.js";

/** Tokens of a text that are read, unless the model's context is smaller. */
const mostTokens = 512;

/** What a fake embedder is made over. */
export interface FakeEmbedderModel {
  /** Name of an open model, or the path given. */
  readonly name: string;
  readonly fileHash: string;
  readonly vocabulary: FakeVocabulary;
  readonly contextSize: number;
  /** Throws NATIVE_DISPOSED. */
  readonly alive: () => void;
}

/**
 * Rows without weights: each character trigram of the lower-cased text adds ±1 at a place its hash says, so texts that share
 * words lie near each other. `last` and `cls` weigh the trigrams towards the end or the beginning. Length 1.
 */
export class FakeEmbedder implements OpenEmbedder {
  readonly identity: string;
  readonly dimensions = 64;
  readonly maxTokens: number;
  #disposed = false;

  constructor(
    private readonly model: FakeEmbedderModel,
    readonly pooling: Pooling,
    engine: string,
    private readonly options: FakeEngineOptions,
    private readonly calls: FakeCalls,
  ) {
    this.maxTokens = Math.min(mostTokens, model.contextSize);
    this.identity = createHash("sha256")
      .update(JSON.stringify([model.fileHash, pooling, engine]))
      .digest("hex");
  }

  async embed(texts: readonly string[], options: Parameters<OpenEmbedder["embed"]>[1]): Promise<Embeddings> {
    const rows = new Float32Array(texts.length * this.dimensions);
    let truncated = 0;
    await pause(0, options.signal);
    for (const [index, text] of texts.entries()) {
      this.#alive();
      if (this.options.delayMs !== undefined) await pause(this.options.delayMs, options.signal);
      const { failEncode } = this.options;
      if (failEncode !== undefined && text.includes(failEncode)) {
        throw new UnshiftError("TOKENIZE_UNKNOWN_CHARACTER", `the text holds "${failEncode}"`);
      }
      const ids = this.model.vocabulary.encode(text, false);
      if (ids.length > this.maxTokens) truncated += 1;
      rows.set(this.#row(this.model.vocabulary.decode(ids.slice(0, this.maxTokens))), index * this.dimensions);
      this.calls.embedded.push({ model: this.model.name, text });
      options.onDone?.(index + 1);
      if (options.signal.aborted) throw new UnshiftError("ABORTED", "interrupted");
    }
    return { rows, truncated };
  }

  #row(text: string): Float64Array {
    const row = new Float64Array(this.dimensions);
    if (text === "") return row;
    const marked = ` ${text.toLowerCase()} `;
    const trigrams = marked.length - 2;
    for (let at = 0; at < trigrams; at += 1) {
      const hash = hashText(`${this.model.fileHash} ${marked.slice(at, at + 3)}`);
      const weight = this.pooling === "mean" ? 1 : this.pooling === "last" ? (at + 1) / trigrams : 1 - at / trigrams;
      const place = hash % this.dimensions;
      row[place] = (row[place] ?? 0) + ((hash >>> 16) % 2 === 0 ? weight : -weight);
    }
    const length = Math.hypot(...row);
    return length === 0 ? row : row.map((value) => value / length);
  }

  #alive(): void {
    this.model.alive();
    if (this.#disposed) throw new UnshiftError("NATIVE_DISPOSED", "the embedder was used after it was closed");
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }
}
