import { UnshiftError } from "@unshift/contracts";
import { csvLine } from "../csv.js";
import type { DuckDb, DuckDbSession } from "../positions/duckdb-session.js";
import { sqlText } from "../positions/duckdb-session.js";

type FlatType = "VARCHAR" | "INTEGER" | "DOUBLE" | "INTEGER[]" | "VARCHAR[]";

export type FlatCell = string | number | null | readonly number[] | readonly string[];

/** A column of an exported table and how a record gives its cell. */
export interface FlatColumn<R> {
  readonly name: string;
  readonly type: FlatType;
  readonly cell: (record: R) => FlatCell;
}

/** CSV with lists as JSON texts. */
export function flatCsv<R>(columns: readonly FlatColumn<R>[], records: readonly R[]): string {
  const lines = records.map((record) =>
    csvLine(
      columns.map(({ cell }) => {
        const value = cell(record);
        return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
      }),
    ),
  );
  return csvLine(columns.map(({ name }) => name)) + lines.join("");
}

function duckType(duckdb: DuckDb, type: FlatType) {
  switch (type) {
    case "VARCHAR":
      return duckdb.VARCHAR;
    case "INTEGER":
      return duckdb.INTEGER;
    case "DOUBLE":
      return duckdb.DOUBLE;
    case "INTEGER[]":
      return duckdb.LIST(duckdb.INTEGER);
    case "VARCHAR[]":
      return duckdb.LIST(duckdb.VARCHAR);
  }
}

/** A text Parquet can hold: a lone surrogate becomes U+FFFD. */
function wellFormed(cell: FlatCell): string | number | null | (string | number)[] {
  if (typeof cell === "string") return cell.toWellFormed();
  if (typeof cell !== "object" || cell === null) return cell;
  return cell.map((item) => (typeof item === "string" ? item.toWellFormed() : item));
}

const chunkRows = 2048;

/** Writes records as one Parquet file in their order. */
export async function writeFlatParquet<R>(
  session: DuckDbSession,
  columns: readonly FlatColumn<R>[],
  records: readonly R[],
  path: string,
): Promise<void> {
  if (new Set(columns.map(({ name }) => name)).size < columns.length)
    throw new UnshiftError("INTERNAL", "Two columns share a name.");
  await session.use(async (connection, duckdb) => {
    const types = columns.map(({ type }) => duckType(duckdb, type));
    const names = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${type}`);
    await connection.run(`CREATE TEMP TABLE flat (${names.join(", ")})`);
    const appender = await connection.createAppender("flat");
    for (let start = 0; start < records.length; start += chunkRows) {
      const slice = records.slice(start, start + chunkRows);
      const chunk = duckdb.DuckDBDataChunk.create(types, slice.length);
      chunk.setColumns(
        columns.map(({ cell }) =>
          slice.map((record) => {
            const value = wellFormed(cell(record));
            return Array.isArray(value) ? duckdb.listValue(value) : value;
          }),
        ),
      );
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(`COPY flat TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
  });
}
