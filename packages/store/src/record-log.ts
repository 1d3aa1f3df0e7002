import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { jsonLine } from "./json-line.js";
import { writeFault } from "./storage-fault.js";

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lines written by one write and one sync at most; bounds the memory of a commit. */
const batchLines = 512;

/**
 * An append-only file of JSON lines. Appends that arrive while a write is under way share the next write and sync
 * (group commit), so many small records cost few syncs and each is on disk when its promise resolves.
 */
export class RecordLog {
  readonly path: string;
  private readonly durable: boolean;
  private waiting: Waiting[] = [];
  private handle: FileHandle | null = null;
  private size = 0;
  /** Bytes of a failed write may lie behind `size`. */
  private torn = false;
  private draining: Promise<void> | null = null;

  /** `durable: false` for a log that no result depends on: no sync. */
  constructor(path: string, options: { readonly durable: boolean } = { durable: true }) {
    this.path = path;
    this.durable = options.durable;
  }

  /** Resolves when the record is durable. Throws RUN_NO_SPACE, RUN_NOT_WRITABLE; a failed append leaves no partial line. */
  append(record: object): Promise<void> {
    const line = jsonLine(record);
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject });
      this.draining ??= this.drain();
    });
  }

  async close(): Promise<void> {
    await this.draining;
    const handle = this.handle;
    this.handle = null;
    await handle?.close();
  }

  private async drain(): Promise<void> {
    // Lets the appends of one turn of the event loop gather.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, batchLines);
      try {
        await this.commit(Buffer.from(batch.map((entry) => entry.line).join("")));
        for (const entry of batch) entry.resolve();
      } catch (error) {
        const fault = writeFault(error, this.path);
        for (const entry of batch) entry.reject(fault);
      }
    }
    this.draining = null;
  }

  private async commit(bytes: Buffer): Promise<void> {
    const handle = await this.opened();
    if (this.torn) {
      await handle.truncate(this.size);
      this.torn = false;
    }
    let written = 0;
    try {
      while (written < bytes.length) {
        const result = await handle.write(bytes, written, bytes.length - written, this.size + written);
        written += result.bytesWritten;
      }
      if (this.durable) await handle.datasync();
    } catch (error) {
      this.torn = written > 0;
      throw error;
    }
    this.size += bytes.length;
  }

  private async opened(): Promise<FileHandle> {
    if (this.handle === null) {
      this.handle = await open(this.path, constants.O_RDWR | constants.O_CREAT, 0o644);
      this.size = (await this.handle.stat()).size;
    }
    return this.handle;
  }
}
