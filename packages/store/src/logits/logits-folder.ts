import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import type { TokenView } from "@unshift/contracts/services";
import { publishFile, unfinishedName, unfinishedPath, writeFileDurably } from "../durable-file.js";
import { FolderLock } from "../folder-lock.js";
import { jsonLine } from "../json-line.js";
import { makeFolder } from "../make-folder.js";
import { isMissing, writeFault } from "../storage-fault.js";
import { finishedShards, logitsManifest } from "./finished-shards.js";
import { appendToIndex, writeIndex } from "./logits-index.js";
import { type LogitsPlan, type ShardPlace, shardPlace } from "./logits-plan.js";
import { npyHeader } from "./npy-header.js";

/** A shard that is being written under a name of its own. */
interface OpenShard {
  readonly place: ShardPlace;
  readonly unfinished: string;
  readonly handle: FileHandle;
  readonly hash: Hash;
  left: number;
}

/**
 * A folder of `.npy` shards, open for one process: rows come one after another, a shard gets its name when it is whole, and then its
 * lines in the indexes. What is killed in between continues at the first shard that is not there, to the same bytes.
 */
export class LogitsFolder {
  private shard: OpenShard | null = null;

  private constructor(
    readonly folder: string,
    private readonly plan: LogitsPlan,
    private readonly lock: FolderLock,
    private finished: number,
  ) {}

  /** Makes the folder or opens it where it stopped. Throws EXPORT_TARGET, RUN_LOCKED, RUN_NOT_WRITABLE, RUN_NO_SPACE. */
  static async open(out: string, plan: LogitsPlan): Promise<LogitsFolder> {
    const folder = resolve(out);
    // Refused before anything is written there.
    await finishedShards(folder, plan);
    await makeFolder(folder);
    const lock = await FolderLock.take(folder);
    try {
      const done = await finishedShards(folder, plan);
      for (const name of (await readdir(folder)).filter((each) => unfinishedName.test(each))) {
        await rm(join(folder, name), { force: true });
      }
      if (!(await exists(join(folder, logitsManifest)))) {
        await writeFileDurably(join(folder, logitsManifest), `${JSON.stringify(plan.facts, null, 2)}\n`);
      }
      await writeIndex(folder, plan, done);
      return new LogitsFolder(folder, plan, lock, done.length);
    } catch (error) {
      await lock.release();
      throw writeFault(error, folder);
    }
  }

  /** First row that is not there. */
  get nextRow(): number {
    return Math.min(this.finished * this.plan.shardRows, this.plan.rows);
  }

  /** Every id with its bytes, `vocabulary.jsonl`, unless it is there: text for people, base64 for what is no UTF-8 by itself. */
  async writeVocabulary(tokens: Iterable<TokenView & { readonly bytes: Uint8Array }>): Promise<void> {
    const path = join(this.folder, "vocabulary.jsonl");
    if (await exists(path)) return;
    const lines = [];
    for (const { id, text, special, bytes } of tokens) {
      lines.push(jsonLine({ id, text, base64: Buffer.from(bytes).toString("base64"), special }));
    }
    await writeFileDurably(path, lines.join(""));
  }

  /** [r, V] the next rows. */
  async append(values: Float32Array | Uint16Array): Promise<void> {
    let bytes: Uint8Array = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    while (bytes.length > 0) {
      this.shard ??= await this.begin();
      const { shard } = this;
      const part = bytes.subarray(0, shard.left);
      shard.hash.update(part);
      try {
        await shard.handle.writeFile(part);
      } catch (error) {
        throw writeFault(error, join(this.folder, shard.place.name));
      }
      shard.left -= part.length;
      bytes = bytes.subarray(part.length);
      if (shard.left === 0) await this.finish(shard);
    }
  }

  /** Gives the folder back. A shard that is not whole is dropped. */
  async close(): Promise<void> {
    try {
      if (this.shard !== null) {
        await this.shard.handle.close();
        await rm(this.shard.unfinished, { force: true });
        this.shard = null;
      }
    } finally {
      await this.lock.release();
    }
  }

  private async begin(): Promise<OpenShard> {
    if (this.nextRow >= this.plan.rows) throw new UnshiftError("INTERNAL", `${this.folder} has all its rows already`);
    const place = shardPlace(this.plan, this.finished);
    const header = npyHeader(this.plan.dtype, place.rows, this.plan.vocabularySize);
    const path = join(this.folder, place.name);
    const unfinished = unfinishedPath(path);
    try {
      const handle = await open(unfinished, "wx");
      await handle.writeFile(header);
      const hash = createHash("sha256").update(header);
      return { place, unfinished, handle, hash, left: place.bytes - header.length };
    } catch (error) {
      throw writeFault(error, path);
    }
  }

  private async finish({ place, unfinished, handle, hash }: OpenShard): Promise<void> {
    const path = join(this.folder, place.name);
    this.shard = null;
    try {
      await handle.close();
      await publishFile(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw writeFault(error, path);
    }
    await appendToIndex(this.folder, this.plan, place, hash.digest("hex"));
    this.finished += 1;
  }
}

/** Bytes that a person may still write where `out` is, or will be. */
export async function freeBytes(out: string): Promise<number> {
  for (let path = resolve(out); ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (!isMissing(error) || dirname(path) === path) throw writeFault(error, out);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw writeFault(error, path);
  }
}
