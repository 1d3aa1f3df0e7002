import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type DuckDb, sqlPaths } from "./duckdb-session.js";
import type { StoredBlock } from "./part-catalog.js";
import { byCodeUnit, storedId } from "./stored-text.js";

/** A block and where its first row goes. */
export interface PlacedBlock {
  readonly block: StoredBlock;
  readonly start: number;
}

/** Puts blocks one behind the other in the order of shift, sample id (code units) and key. */
export function placed(blocks: Iterable<StoredBlock>): PlacedBlock[] {
  const sorted = [...blocks].sort(
    (a, b) => byCodeUnit(a.shift, b.shift) || byCodeUnit(a.sampleId, b.sampleId) || byCodeUnit(a.key, b.key),
  );
  let start = 0;
  return sorted.map((block) => {
    const here = { block, start };
    start += block.rows;
    return here;
  });
}

const chunkRows = 2048;

/**
 * SQL of a FROM clause that gives the rows of the placed blocks, each with `place`, its row among them all. The order is
 * decided here once, by code units, so that DuckDB (which compares UTF-8 bytes) sorts by a number only.
 */
export async function wantedRows(
  connection: DuckDBConnection,
  duckdb: DuckDb,
  folder: string,
  blocks: readonly PlacedBlock[],
): Promise<string> {
  await connection.run("CREATE TEMP TABLE wanted (wanted_part VARCHAR, wanted_key VARCHAR, start BIGINT)");
  const appender = await connection.createAppender("wanted");
  for (let from = 0; from < blocks.length; from += chunkRows) {
    const slice = blocks.slice(from, from + chunkRows);
    const chunk = duckdb.DuckDBDataChunk.create([duckdb.VARCHAR, duckdb.VARCHAR, duckdb.BIGINT], slice.length);
    chunk.setColumns([
      slice.map(({ block }) => join(folder, block.part)),
      slice.map(({ block }) => storedId(block.key)),
      slice.map(({ start }) => BigInt(start)),
    ]);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  const parts = [...new Set(blocks.map(({ block }) => join(folder, block.part)))].sort(byCodeUnit);
  return `(SELECT *, start + position AS place FROM read_parquet(${sqlPaths(parts)}, filename = true)
    JOIN wanted ON wanted_key = item_key AND wanted_part = filename)`;
}
