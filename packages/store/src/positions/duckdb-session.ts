import { availableParallelism } from "node:os";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

export type DuckDb = typeof import("@duckdb/node-api");

/** SQL literal of a text. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL list of file paths for `read_parquet`, which would take `*`, `?` or `[` in a plain path for a pattern. */
export function sqlPaths(paths: readonly string[]): string {
  return `[${paths.map((path) => sqlText(path.replace(/[*?[]/g, (sign) => `[${sign}]`))).join(", ")}]`;
}

/**
 * An in-memory DuckDB for reading and writing Parquet, loaded when first used: commands that touch no positions never pay
 * for the native library. It installs, loads and contacts nothing; its memory is bounded.
 */
export class DuckDbSession {
  private readonly spillFolder: string;
  private opened: Promise<{ readonly duckdb: DuckDb; readonly instance: DuckDBInstance }> | null = null;

  /** `spillFolder`: where a sort that exceeds the memory limit may write; "" forbids it. */
  constructor(spillFolder = "") {
    this.spillFolder = spillFolder;
  }

  /** Works on a connection of its own: temporary tables of two tasks never meet. */
  async use<Result>(task: (connection: DuckDBConnection, duckdb: DuckDb) => Promise<Result>): Promise<Result> {
    this.opened ??= this.open();
    const { duckdb, instance } = await this.opened;
    const connection = await instance.connect();
    try {
      return await task(connection, duckdb);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    const opened = await this.opened;
    this.opened = null;
    opened?.instance.closeSync();
  }

  private async open(): Promise<{ duckdb: DuckDb; instance: DuckDBInstance }> {
    const duckdb = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
      memory_limit: "1GB",
      temp_directory: this.spillFolder,
      threads: String(Math.min(4, availableParallelism())),
    });
    return { duckdb, instance };
  }
}
