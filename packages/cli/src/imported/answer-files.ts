import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { ReleasedAnswer } from "@unshift/formats";

interface OpenFile {
  readonly name: string;
  readonly handle: FileHandle;
  buffered: string;
}

const bufferChars = 1 << 16;

/** One file of answers for each generator, written while they are read: a million answers need not fit in memory. */
export class AnswerFiles {
  readonly #folder: string;
  readonly #files = new Map<string, OpenFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write({ sampleId, text, generator }: ReleasedAnswer): Promise<void> {
    const file = this.#files.get(generator) ?? (await this.#open(generator));
    file.buffered += `${JSON.stringify({ id: sampleId, text, generator })}\n`;
    if (file.buffered.length >= bufferChars) await flush(file);
  }

  /** Gives the files their names: these hang on all generators, so they are known at the end. */
  async name(nameOf: (generator: string) => string): Promise<void> {
    for (const [generator, file] of this.#files) {
      await flush(file);
      await file.handle.close();
      await rename(join(this.#folder, file.name), join(this.#folder, nameOf(generator)));
      this.#files.delete(generator);
    }
  }

  /** Closes what a fault left open. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map(({ handle }) => handle.close()));
    this.#files.clear();
  }

  async #open(generator: string): Promise<OpenFile> {
    const name = `.${this.#files.size + 1}.unnamed`;
    const file = { name, handle: await open(join(this.#folder, name), "wx"), buffered: "" };
    this.#files.set(generator, file);
    return file;
  }
}

async function flush(file: OpenFile): Promise<void> {
  await file.handle.writeFile(file.buffered);
  file.buffered = "";
}
