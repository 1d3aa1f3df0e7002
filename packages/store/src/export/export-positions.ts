import type { ComparisonRecord } from "@unshift/contracts";
import { type DuckDbSession, sqlText } from "../positions/duckdb-session.js";
import type { PartCatalog, StoredBlock } from "../positions/part-catalog.js";
import { type PositionColumn, positionColumns } from "../positions/position-schema.js";
import { byCodeUnit } from "../positions/stored-text.js";
import { placed, wantedRows } from "../positions/wanted-rows.js";

/** Blocks that count: of a sample compared more than once, the one its last comparison names (else the newest part's). */
export function currentBlocks(stored: Iterable<StoredBlock>, comparisons: readonly ComparisonRecord[]): StoredBlock[] {
  const slot = (shift: string, sampleId: string): string => JSON.stringify([shift, sampleId]);
  const named = new Map(comparisons.map((record) => [slot(record.shift, record.sampleId), record.key]));
  const chosen = new Map<string, StoredBlock>();
  const oldestFirst = [...stored].sort((a, b) => byCodeUnit(a.part, b.part) || byCodeUnit(a.key, b.key));
  for (const block of oldestFirst) {
    const at = slot(block.shift, block.sampleId);
    if (chosen.get(at)?.key !== named.get(at) || named.get(at) === undefined) chosen.set(at, block);
  }
  return [...chosen.values()];
}

/** JSON has no infinity: a log-probability of -Infinity is written as that text. */
function jsonColumn({ name, type }: PositionColumn): string {
  const number = (value: string): string =>
    `CASE WHEN isinf(${value}) THEN '"-Infinity"'::JSON ELSE to_json(${value}) END`;
  if (type === "DOUBLE") return `${number(name)} AS ${name}`;
  if (type === "DOUBLE[]") return `list_transform(${name}, lambda x: ${number("x")}) AS ${name}`;
  return name;
}

/** Writes the rows of `blocks` to one file, sorted by shift, sample id (code units) and position; returns their number. */
export async function writePositionsFile(
  session: DuckDbSession,
  catalog: PartCatalog,
  blocks: readonly StoredBlock[],
  format: "parquet" | "csv" | "jsonl",
  path: string,
): Promise<number> {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  await session.use(async (connection, duckdb) => {
    const names = positionColumns.map((column) => (format === "jsonl" ? jsonColumn(column) : column.name)).join(", ");
    const nothing = positionColumns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(", ");
    const from =
      rows === 0
        ? `(SELECT ${nothing}, 0 AS place LIMIT 0)`
        : await wantedRows(connection, duckdb, catalog.folder, placed(blocks));
    const options = { parquet: "FORMAT parquet, COMPRESSION zstd", csv: "FORMAT csv, HEADER", jsonl: "FORMAT json" }[
      format
    ];
    await connection.run(`COPY (SELECT ${names} FROM ${from} ORDER BY place) TO ${sqlText(path)} (${options})`);
  });
  return rows;
}
