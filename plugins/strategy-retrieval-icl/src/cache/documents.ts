import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Example, UnshiftError } from "@unshift/contracts";
import type { Corpus } from "../corpus/corpus.js";
import { artifact } from "./artifact.js";

/** What making something for the cache needs. */
export interface CacheWork {
  readonly signal: AbortSignal;
  note(message: string): void;
  progress(label: string, done: number, total: number): void;
}

/**
 * The kept examples of a corpus in one file, `documents.jsonl` (a line `[id, instruction, output]` each), beside the byte offset of
 * each line in `offsets.f64` (`size + 1` of them). Only the offsets are held.
 */
export class Documents {
  readonly #file: string;
  readonly #offsets: Float64Array;
  readonly size: number;

  private constructor(file: string, offsets: Float64Array) {
    this.#file = file;
    this.#offsets = offsets;
    this.size = offsets.length - 1;
  }

  /** Those in the folder, written there where they are not yet. */
  static async of(corpus: Corpus, folder: string, work: CacheWork): Promise<Documents> {
    await artifact({
      folder,
      name: "the examples of the corpus",
      of: { documents: corpus.sha256 },
      make: async (into) => {
        await write(corpus, into, work);
        return { examples: corpus.size };
      },
      note: work.note,
      signal: work.signal,
    });
    const bytes = await readFile(join(folder, "offsets.f64"));
    const offsets = new Float64Array(bytes.length / 8);
    new Uint8Array(offsets.buffer).set(bytes);
    return new Documents(join(folder, "documents.jsonl"), offsets);
  }

  /** Examples by row, in the order asked for. */
  async read(rows: readonly number[]): Promise<Example[]> {
    await using handle = await open(this.#file);
    const examples: Example[] = [];
    for (const row of rows) {
      const [example] = await this.#slice(handle, row, row + 1);
      if (example !== undefined) examples.push(example);
    }
    return examples;
  }

  /** Instructions of the rows `from` up to `to`, without it. */
  async instructions(from: number, to: number): Promise<string[]> {
    await using handle = await open(this.#file);
    return (await this.#slice(handle, from, to)).map(({ instruction }) => instruction);
  }

  async #slice(handle: Awaited<ReturnType<typeof open>>, from: number, to: number): Promise<Example[]> {
    const [begin, end] = [this.#offsets[from] ?? 0, this.#offsets[to] ?? 0];
    const buffer = Buffer.alloc(end - begin);
    await handle.read(buffer, 0, buffer.length, begin);
    return buffer
      .toString("utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const [id, instruction, output] = JSON.parse(line) as [string, string, string];
        return { id, instruction, output };
      });
  }
}

async function write(corpus: Corpus, into: string, work: CacheWork): Promise<void> {
  const offsets = new Float64Array(corpus.size + 1);
  const hash = createHash("sha256");
  const label = `reading ${corpus.name}`;
  await using handle = await open(join(into, "documents.jsonl"), "wx");
  let held: Buffer[] = [];
  let heldBytes = 0;
  let row = 0;
  let end = 0;
  const flush = async () => {
    await handle.writeFile(Buffer.concat(held));
    work.progress(label, row, corpus.size);
    held = [];
    heldBytes = 0;
  };
  for await (const line of corpus.lines(work.signal)) {
    const bytes = Buffer.from(line);
    hash.update(bytes);
    row += 1;
    end += bytes.length;
    if (row <= corpus.size) offsets[row] = end;
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes > 1 << 20 || held.length === 500) await flush();
  }
  if (held.length > 0) await flush();
  if (row !== corpus.size || hash.digest("hex") !== corpus.sha256) {
    throw new UnshiftError("RETRIEVAL_CORPUS", `the corpus ${corpus.name} was changed while it was read`, {
      hint: "Start again when nobody writes to it.",
    });
  }
  await using offsetFile = await open(join(into, "offsets.f64"), "wx");
  await offsetFile.writeFile(new Uint8Array(offsets.buffer));
}
