import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type JsonObject, UnshiftError } from "@unshift/contracts";
import type { CacheWork, Documents } from "../cache/documents.js";
import { wordsOf } from "./words.js";

/** Which document holds which word how often. Documents of word w: `documents[offsets[w]]` to `documents[offsets[w + 1] - 1]`, rising. */
export interface Postings {
  /** Word → its number. */
  readonly words: ReadonlyMap<string, number>;
  readonly offsets: Uint32Array;
  readonly documents: Uint32Array;
  /** Times the word stands in the document, 65,535 at most. */
  readonly counts: Uint16Array;
  /** Words of each document. */
  readonly lengths: Uint32Array;
}

/** Documents read at once. */
const batchDocuments = 1_000;

/** @throws ABORTED */
export async function postingsOf(documents: Documents, label: string, work: CacheWork): Promise<Postings> {
  const words = new Map<string, number>();
  // In document order first: the words of document d and their counts are at starts[d] up to starts[d + 1].
  const numbers = new Growing(Uint32Array);
  const counts = new Growing(Uint16Array);
  const starts = new Uint32Array(documents.size + 1);
  const lengths = new Uint32Array(documents.size);
  for (let from = 0; from < documents.size; from += batchDocuments) {
    const texts = await documents.instructions(from, Math.min(from + batchDocuments, documents.size));
    for (const [index, text] of texts.entries()) {
      const inText = new Map<number, number>();
      const found = wordsOf(text);
      for (const word of found) {
        let number = words.get(word);
        if (number === undefined) {
          number = words.size;
          words.set(word, number);
        }
        inText.set(number, (inText.get(number) ?? 0) + 1);
      }
      for (const [number, count] of inText) {
        numbers.push(number);
        counts.push(Math.min(count, 0xffff));
      }
      lengths[from + index] = found.length;
      starts[from + index + 1] = numbers.length;
    }
    work.progress(label, from + texts.length, documents.size);
    if (work.signal.aborted) throw new UnshiftError("ABORTED", "interrupted while words were counted");
  }
  return { words, lengths, ...byWord(words.size, numbers.values(), counts.values(), starts) };
}

/** Turns document order into word order (a counting sort, which keeps documents rising). */
function byWord(
  words: number,
  numbers: Uint32Array,
  counts: Uint16Array,
  starts: Uint32Array,
): Pick<Postings, "offsets" | "documents" | "counts"> {
  const offsets = new Uint32Array(words + 1);
  for (const number of numbers) offsets[number + 1] = (offsets[number + 1] ?? 0) + 1;
  for (let word = 0; word < words; word += 1) offsets[word + 1] = (offsets[word + 1] ?? 0) + (offsets[word] ?? 0);
  const next = offsets.slice();
  const documents = new Uint32Array(numbers.length);
  const sorted = new Uint16Array(numbers.length);
  for (let document = 0; document + 1 < starts.length; document += 1) {
    const end = starts[document + 1] ?? 0;
    for (let at = starts[document] ?? 0; at < end; at += 1) {
      const number = numbers[at] ?? 0;
      const to = next[number] ?? 0;
      next[number] = to + 1;
      documents[to] = document;
      sorted[to] = counts[at] ?? 0;
    }
  }
  return { offsets, documents, counts: sorted };
}

/** A list of whole numbers that grows in memory of its own kind. */
class Growing<Numbers extends Uint32Array | Uint16Array> {
  #values: Numbers;
  readonly #make: new (
    length: number,
  ) => Numbers;
  length = 0;

  constructor(make: new (length: number) => Numbers) {
    this.#make = make;
    this.#values = new make(1 << 16);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new this.#make(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  values(): Numbers {
    return this.#values.subarray(0, this.length) as Numbers;
  }
}

const files = {
  offsets: "offsets.u32",
  documents: "documents.u32",
  counts: "counts.u16",
  lengths: "lengths.u32",
} as const;

export async function writePostings(postings: Postings, into: string): Promise<JsonObject> {
  // A word holds no white space, so lines hold words; their number is their line.
  await writeFile(join(into, "words.txt"), [...postings.words.keys()].map((word) => `${word}\n`).join(""));
  for (const part of ["offsets", "documents", "counts", "lengths"] as const) {
    const { buffer, byteOffset, byteLength } = postings[part];
    await writeFile(join(into, files[part]), new Uint8Array(buffer, byteOffset, byteLength));
  }
  return { documents: postings.lengths.length, words: postings.words.size, postings: postings.documents.length };
}

export async function readPostings(folder: string): Promise<Postings> {
  const lines = (await readFile(join(folder, "words.txt"), "utf8")).split("\n").slice(0, -1);
  const bytes = async (part: keyof typeof files): Promise<ArrayBuffer> => {
    const read = await readFile(join(folder, files[part]));
    // A copy of its own: small files come as views of a shared buffer that need not lie on a multiple of four.
    return new Uint8Array(read).buffer;
  };
  return {
    words: new Map(lines.map((word, number) => [word, number])),
    offsets: new Uint32Array(await bytes("offsets")),
    documents: new Uint32Array(await bytes("documents")),
    counts: new Uint16Array(await bytes("counts")),
    lengths: new Uint32Array(await bytes("lengths")),
  };
}
