import { createHash } from "node:crypto";
import {
  type Example,
  type JsonObject,
  normalisedInstruction,
  type PluginContext,
  UnshiftError,
} from "@unshift/contracts";
import type { RetrievalOptions } from "../options.js";
import { corpusEntries } from "./corpus-entries.js";
import { type CorpusSource, corpusSource } from "./corpus-source.js";
import { Fingerprints } from "./fingerprints.js";
import { holdOuts } from "./hold-outs.js";

/**
 * What can be retrieved. Rows count from 0 in the order of the source, without those left out. Only fingerprints are held: the
 * texts are read again where they are needed, so a corpus may be larger than memory.
 */
export class Corpus {
  readonly #source: CorpusSource;
  readonly #questions: Fingerprints;
  readonly #heldOut: ReadonlySet<number>;
  /** Entries kept. */
  readonly size: number;
  /** Of the kept entries, in the form of {@link documentLine}. */
  readonly sha256: string;
  readonly leftOut: { readonly empty: number; readonly duplicate: number; readonly withInput: number };
  /** Ids of `exclude` that no row has. */
  readonly unknownHoldOuts: readonly string[];

  private constructor(
    source: CorpusSource,
    questions: Fingerprints,
    heldOut: ReadonlySet<number>,
    read: Pick<Corpus, "size" | "sha256" | "leftOut" | "unknownHoldOuts">,
  ) {
    this.#source = source;
    this.#questions = questions;
    this.#heldOut = heldOut;
    this.size = read.size;
    this.sha256 = read.sha256;
    this.leftOut = read.leftOut;
    this.unknownHoldOuts = read.unknownHoldOuts;
  }

  /**
   * Reads a corpus once, to know what it holds.
   *
   * @throws DATASET_…, RETRIEVAL_CORPUS where nothing is left to retrieve
   */
  static async read(options: Pick<RetrievalOptions, "corpus" | "exclude">, context: PluginContext): Promise<Corpus> {
    const source = corpusSource(options.corpus, context);
    const unknown = new Set(await holdOuts(options.exclude, context));
    const questions = new Fingerprints();
    const heldOut = new Set<number>();
    const leftOut = { empty: 0, duplicate: 0, withInput: 0 };
    const hash = createHash("sha256");
    let size = 0;
    for await (const entry of corpusEntries(source.rows(context.signal), questions)) {
      // A hold-out whose question stood before holds that one out too: it asks the same.
      if (unknown.delete(entry.id) && entry.row >= 0) heldOut.add(entry.row);
      if (entry.leftOut === null) {
        hash.update(documentLine(entry));
        size += 1;
      } else leftOut[entry.leftOut] += 1;
    }
    const corpus = new Corpus(source, questions, heldOut, {
      size,
      sha256: hash.digest("hex"),
      leftOut,
      unknownHoldOuts: [...unknown],
    });
    if (corpus.available === 0) {
      throw new UnshiftError("RETRIEVAL_CORPUS", `${corpus.counts()}: there is nothing to retrieve`, {
        hint: "A corpus needs rows with an instruction and an output, and without an input of their own.",
      });
    }
    return corpus;
  }

  /** Entries that can be retrieved. */
  get available(): number {
    return this.size - this.#heldOut.size;
  }

  get name(): string {
    return this.#source.name;
  }

  isHeldOut(row: number): boolean {
    return this.#heldOut.has(row);
  }

  /** Row of the entry that asks the same, or −1. */
  rowOf(instruction: string): number {
    return this.#questions.find(normalisedInstruction(instruction));
  }

  /** Reads the corpus again: one line for each entry kept. */
  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const entry of corpusEntries(this.#source.rows(signal)))
      if (entry.leftOut === null) yield documentLine(entry);
  }

  /** What it holds, as a sentence without its end. */
  counts(): string {
    const { empty, duplicate, withInput } = this.leftOut;
    return `the corpus ${this.name}: ${this.size} examples kept; left out ${empty} with an empty text, ${duplicate} with an instruction that stood before, ${withInput} with an input of their own; ${this.#heldOut.size} held out`;
  }

  provenance(): JsonObject {
    return {
      ...this.#source.provenance(),
      sha256: this.sha256,
      examples: this.size,
      leftOut: this.leftOut,
      heldOut: this.#heldOut.size,
    };
  }
}

/** An entry as the cache keeps it: `[id, instruction, output]` and a newline. */
function documentLine({ id, instruction, output }: Example): string {
  return `${JSON.stringify([id, instruction, output])}\n`;
}
