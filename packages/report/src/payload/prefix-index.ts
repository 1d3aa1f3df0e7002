import type { PromptRecord } from "@unshift/contracts";
import type { TokenView } from "@unshift/contracts/services";
import { BlockWriter } from "./block-writer.js";
import type { ColumnRef } from "./columns.js";
import type { PrefixHeader, PromptDetail } from "./format.js";
import { TokenIndex } from "./token-index.js";

/** Below this many ids a prefix is not worth its own entry. */
const worthwhile = 16;

/** Keeps each static prefix once; prompts point to it. */
export class PrefixIndex {
  readonly #writer = new BlockWriter();
  readonly #tokens: TokenIndex;
  readonly #columns: ColumnRef[] = [];
  readonly #known = new Map<string, number>();

  constructor(view: (system: string, id: number) => TokenView) {
    this.#tokens = new TokenIndex(view);
  }

  /** Splits a prompt; its tail goes into the sample's own block. */
  split(system: string, prompt: PromptRecord, writer: BlockWriter, tokens: TokenIndex): PromptDetail {
    const length = Math.min(prompt.prefixLength, prompt.ids.length);
    if (length < worthwhile)
      return { prefix: null, tail: writer.indexes(tokens.all(system, prompt.ids)), provenance: prompt.provenance };
    const ids = prompt.ids.slice(0, length);
    const key = `${system}\n${ids.join(" ")}`;
    let prefix = this.#known.get(key);
    if (prefix === undefined) {
      prefix = this.#columns.length;
      this.#columns.push(this.#writer.indexes(this.#tokens.all(system, ids)));
      this.#known.set(key, prefix);
    }
    return {
      prefix,
      tail: writer.indexes(tokens.all(system, prompt.ids.slice(length))),
      provenance: prompt.provenance,
    };
  }

  finish(): Uint8Array {
    const header: PrefixHeader = { tokens: this.#tokens.entries, prefixes: this.#columns };
    return this.#writer.finish(header);
  }
}
