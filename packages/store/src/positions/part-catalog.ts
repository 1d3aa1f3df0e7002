import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { isMissing, readFault } from "../storage-fault.js";
import { type DuckDbSession, sqlPaths } from "./duckdb-session.js";
import { byCodeUnit, idOf } from "./stored-text.js";

/** Finished parts; unfinished ones have a temporary name. */
export const partName = /^part-(\d+)-[0-9a-f]+\.parquet$/;

/** Where the rows of one block are. */
export interface StoredBlock {
  readonly key: string;
  readonly shift: string;
  readonly sampleId: string;
  /** Positions. */
  readonly rows: number;
  /** File name of the part. */
  readonly part: string;
}

/** Which blocks the parts of a folder hold. Parts never change, so each is looked at once; new ones are found at every call. */
export class PartCatalog {
  readonly folder: string;
  private readonly session: DuckDbSession;
  private readonly known = new Set<string>();
  private readonly blocks = new Map<string, StoredBlock>();

  constructor(folder: string, session: DuckDbSession) {
    this.folder = folder;
    this.session = session;
  }

  /**
   * Blocks by key. Where two parts hold one key (two machines' folders put together), the first part by name counts: the
   * key stands for the numbers, so both are the same.
   */
  async load(): Promise<ReadonlyMap<string, StoredBlock>> {
    const parts = (await this.parts()).filter((part) => !this.known.has(part));
    if (parts.length > 0) {
      for (const block of await this.read(parts)) {
        const other = this.blocks.get(block.key);
        if (other === undefined || block.part < other.part) this.blocks.set(block.key, block);
      }
      for (const part of parts) this.known.add(part);
    }
    return this.blocks;
  }

  /** File names of the finished parts, in order. */
  async parts(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => partName.test(name)).sort(byCodeUnit);
    } catch (error) {
      if (isMissing(error)) return [];
      throw readFault(error, this.folder);
    }
  }

  private async read(parts: readonly string[]): Promise<StoredBlock[]> {
    const paths = parts.map((part) => join(this.folder, part));
    try {
      const sql = `SELECT parse_filename(filename), item_key, min(shift), min(sample_id), count(*)::INTEGER, min(length), max(length)
        FROM read_parquet(${sqlPaths(paths)}, filename = true) GROUP BY filename, item_key ORDER BY filename, item_key`;
      const rows = await this.session.use(async (connection) => (await connection.runAndReadAll(sql)).getRows());
      return rows.map((row) => this.block(row));
    } catch (error) {
      throw await this.damage(error, paths);
    }
  }

  private block(row: readonly unknown[]): StoredBlock {
    const [part, key, shift, sampleId, rows, shortest, longest] = row;
    if (
      typeof part !== "string" ||
      typeof key !== "string" ||
      typeof shift !== "string" ||
      typeof sampleId !== "string" ||
      typeof rows !== "number" ||
      rows !== shortest ||
      rows !== longest
    ) {
      const file = join(this.folder, String(part));
      throw new UnshiftError("RUN_CORRUPT", `${file} does not hold all rows of item ${String(key)}.`, {
        where: { file },
      });
    }
    return { key: idOf(key), shift: idOf(shift), sampleId: idOf(sampleId), rows, part };
  }

  /** Names the damaged file among many: DuckDB's message may not. */
  private async damage(error: unknown, paths: readonly string[]): Promise<UnshiftError> {
    for (const path of paths) {
      try {
        const sql = `SELECT count(DISTINCT item_key), min(shift), min(sample_id), min(length) FROM read_parquet(${sqlPaths([path])})`;
        await this.session.use((connection) => connection.run(sql));
      } catch (cause) {
        return new UnshiftError("RUN_CORRUPT", `${path} is damaged and cannot be read.`, {
          where: { file: path },
          hint: "Delete the file: the items it held are computed again by the same command.",
          cause,
        });
      }
    }
    return readFault(error, this.folder);
  }
}
