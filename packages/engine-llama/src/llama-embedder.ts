import { createHash } from "node:crypto";
import type { Embeddings, Pooling } from "@unshift/contracts";
import type { OpenEmbedder } from "@unshift/contracts/services";
import type { Embedder, Model } from "@unshift/native";
import { coded } from "./native-error.js";

/** Texts that are tokenised before their turn: tokenising holds the JavaScript thread, evaluating does not. */
const blockSize = 64;

/** Rows of texts by a GGUF model, one text a decode. Calls wait for each other. */
export class LlamaEmbedder implements OpenEmbedder {
  readonly identity: string;
  readonly pooling: Pooling;
  readonly dimensions: number;
  readonly maxTokens: number;
  /** Ids the file wants behind a text ([SEP], EOS): a text that is cut keeps them. */
  private readonly endingIds: number;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param engine the engine's identity
   * @param close gives back what was opened for this embedder alone
   */
  constructor(
    private readonly model: Model,
    private readonly native: Pick<Embedder, "pooling" | "dimensions" | "maxTokens" | "embed" | "dispose">,
    keys: { readonly fileHash: string; readonly engine: string },
    private readonly close: () => void,
  ) {
    this.pooling = native.pooling;
    this.dimensions = native.dimensions;
    this.maxTokens = native.maxTokens;
    this.endingIds = endingIds(model);
    const { fileHash, engine } = keys;
    this.identity = createHash("sha256")
      .update(JSON.stringify([fileHash, this.pooling, engine]))
      .digest("hex");
  }

  embed(texts: readonly string[], options: Parameters<OpenEmbedder["embed"]>[1]): Promise<Embeddings> {
    const turn = this.last.then(() => coded(() => this.run(texts, options)));
    // The caller hears of a failure through `turn`; whoever is next only waits for the end.
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async run(texts: readonly string[], options: Parameters<OpenEmbedder["embed"]>[1]): Promise<Embeddings> {
    const { signal, onDone } = options;
    const rows = new Float32Array(texts.length * this.dimensions);
    let truncated = 0;
    for (let from = 0; from < texts.length; from += blockSize) {
      const ids = texts.slice(from, from + blockSize).map((text) => this.encode(text));
      truncated += ids.filter((list) => list.length > this.maxTokens).length;
      const block = await this.native.embed(
        ids.map((list) => this.cut(list)),
        { signal, ...(onDone === undefined ? {} : { onDone: (texts) => onDone(from + texts) }) },
      );
      rows.set(block.rows, from * this.dimensions);
    }
    return { rows, truncated };
  }

  private encode(text: string): Int32Array {
    // Of a text without a token only the frame would be read: a row that says nothing.
    return this.model.encode(text).length === 0 ? new Int32Array() : this.model.encode(text, { framed: true });
  }

  private cut(ids: Int32Array): Int32Array {
    if (ids.length <= this.maxTokens) {
      return ids;
    }
    const ending = ids.slice(ids.length - this.endingIds);
    const cut = ids.slice(0, this.maxTokens);
    cut.set(ending, this.maxTokens - this.endingIds);
    return cut;
  }

  /** Waits for what is under way. Idempotent. */
  async dispose(): Promise<void> {
    await this.last;
    this.native.dispose();
    this.close();
  }
}

function endingIds(model: Model): number {
  const probe = "a";
  const [plain, framed] = [model.encode(probe), model.encode(probe, { framed: true })];
  const first = framed.findIndex((_, at) => plain.every((id, index) => framed[at + index] === id));
  return first < 0 ? 0 : framed.length - first - plain.length;
}
