import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PositionBlock } from "@unshift/contracts/services";
import { publishFile, unfinishedPath } from "../durable-file.js";
import { writeFault } from "../storage-fault.js";
import { checkBlock } from "./check-block.js";
import type { DuckDbSession } from "./duckdb-session.js";
import { type PartCatalog, partName } from "./part-catalog.js";
import { writePart } from "./part-file.js";
import { byCodeUnit } from "./stored-text.js";

/** Rows a part holds before it is written by itself: a few MB, and seconds to minutes of computing. */
const rowsPerPart = 20_000;

/** Gathers blocks and writes them as whole parts, one part at a time. */
export class PositionWriter {
  private readonly catalog: PartCatalog;
  private readonly session: DuckDbSession;
  private readonly limit: number;
  private readonly buffer = new Map<string, PositionBlock>();
  private rows = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(catalog: PartCatalog, session: DuckDbSession, limit = rowsPerPart) {
    this.catalog = catalog;
    this.session = session;
    this.limit = limit;
  }

  /** Takes a block; waits while a full part is written. A key that is stored already, or waits to be, is passed over. */
  async write(block: PositionBlock): Promise<void> {
    checkBlock(block);
    if (block.columns.length === 0 || (await this.catalog.load()).has(block.key) || this.buffer.has(block.key)) return;
    this.buffer.set(block.key, block);
    this.rows += block.columns.length;
    if (this.rows >= this.limit) await this.flush();
  }

  /** Resolves when every block taken so far is on disk. Throws RUN_NO_SPACE, RUN_NOT_WRITABLE; blocks are kept for another try. */
  flush(): Promise<void> {
    const done = this.writing.then(() => this.writeBuffer());
    // The next flush must run whatever became of this one; its own caller hears of the failure.
    this.writing = done.catch(() => {});
    return done;
  }

  private async writeBuffer(): Promise<void> {
    if (this.buffer.size === 0) return;
    // Sorted, so that one set of blocks makes one part however they arrived.
    const blocks = [...this.buffer.values()].sort(
      (a, b) => byCodeUnit(a.shift, b.shift) || byCodeUnit(a.sampleId, b.sampleId) || byCodeUnit(a.key, b.key),
    );
    const path = join(this.catalog.folder, await this.nextName(blocks));
    const unfinished = unfinishedPath(path);
    try {
      await writePart(this.session, blocks, unfinished);
      await publishFile(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw writeFault(error, path);
    }
    for (const block of blocks) {
      this.buffer.delete(block.key);
      this.rows -= block.columns.length;
    }
  }

  private async nextName(blocks: readonly PositionBlock[]): Promise<string> {
    const last = (await this.catalog.parts()).at(-1);
    const sequence = Number(partName.exec(last ?? "")?.[1] ?? 0) + 1;
    const hash = createHash("sha256");
    for (const { key } of blocks) hash.update(key).update("\n");
    return `part-${String(sequence).padStart(6, "0")}-${hash.digest("hex").slice(0, 10)}.parquet`;
  }
}
