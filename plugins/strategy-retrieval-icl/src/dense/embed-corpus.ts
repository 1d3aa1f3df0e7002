import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Embedder, type JsonObject, UnshiftError } from "@unshift/contracts";
import type { CacheWork, Documents } from "../cache/documents.js";
import { isMissing } from "../cache/is-missing.js";

/** Texts of a block: what a killed process loses at most. */
export const blockTexts = 1_000;

/**
 * Embeds the instructions of all documents into `rows.f32` ([size, dimensions] floats, row by row) of the folder `into`. Finished
 * blocks lie in `partial` until then, each with its checksum, so that the work goes on where it was stopped; the result is the same.
 *
 * @throws ABORTED; EMBEDDING_UNSUPPORTED where the model's rows are no numbers
 */
export async function embedCorpus(
  documents: Documents,
  embedder: Embedder,
  { into, partial, label }: { readonly into: string; readonly partial: string; readonly label: string },
  work: CacheWork,
): Promise<JsonObject> {
  await mkdir(partial, { recursive: true });
  const blocks = Math.ceil(documents.size / blockTexts);
  // The first block that is not there: what a stopped process would have made next.
  let missing = false;
  let damaged = 0;
  let truncated = 0;
  await using rows = await open(join(into, "rows.f32"), "wx");
  for (let index = 0; index < blocks; index += 1) {
    const from = index * blockTexts;
    const to = Math.min(from + blockTexts, documents.size);
    const path = join(partial, `${String(index).padStart(6, "0")}.block`);
    const there = await readBlock(path, (to - from) * embedder.dimensions);
    if (there === "damaged") damaged += 1;
    if (there === null && !missing) {
      missing = true;
      if (index > 0) work.note(`${label}: continues behind the ${from} of ${documents.size} texts that were done`);
    }
    const block = there === null || there === "damaged" ? await embedBlock(from, to, path) : there;
    truncated += block.truncated;
    await rows.writeFile(block.rows);
    work.progress(label, to, documents.size);
  }
  if (damaged > 0) work.note(`${label}: ${damaged} of ${blocks} blocks were damaged and made again`);
  if (truncated > 0)
    work.note(
      `${label}: of ${truncated} of ${documents.size} instructions only the first ${embedder.maxTokens} tokens were read`,
    );
  return { rows: documents.size, dimensions: embedder.dimensions, truncated };

  async function embedBlock(from: number, to: number, path: string): Promise<Block> {
    const texts = await documents.instructions(from, to);
    const { rows: floats, truncated: cut } = await embedder.embed(texts, {
      signal: work.signal,
      onDone: (done) => work.progress(label, from + done, documents.size),
    });
    if (floats.length !== texts.length * embedder.dimensions || !floats.every(Number.isFinite)) {
      throw new UnshiftError(
        "EMBEDDING_UNSUPPORTED",
        `${label}: the model gave rows that are not ${embedder.dimensions} numbers`,
      );
    }
    const block = { rows: new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength), truncated: cut };
    await writeBlock(path, block);
    return block;
  }
}

/** The embedded texts of a block. */
interface Block {
  /** Bytes of the floats. */
  readonly rows: Uint8Array;
  readonly truncated: number;
}

/** Bytes behind the floats: how many texts were truncated, and the sha256 of all before. */
const tailBytes = 4 + 32;

async function readBlock(path: string, floats: number): Promise<Block | "damaged" | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
  if (bytes.length !== floats * 4 + tailBytes) return "damaged";
  const content = bytes.subarray(0, -32);
  if (!sha256(content).equals(bytes.subarray(-32))) return "damaged";
  return { rows: content.subarray(0, -4), truncated: content.readUInt32LE(floats * 4) };
}

/** Under another name first: a block that has its name is whole. */
async function writeBlock(path: string, { rows, truncated }: Block): Promise<void> {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(truncated);
  const content = Buffer.concat([rows, count]);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, Buffer.concat([content, sha256(content)]));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
