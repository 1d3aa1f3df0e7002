import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type Row, rowError } from "./row.js";

/** A Parquet file, a row group at a time. Lists and structs stay lists and objects; 64-bit integers become text. */
export async function* readParquet(file: string): AsyncGenerator<Row> {
  const fail = (cause: unknown) =>
    rowError(
      "DATASET_SYNTAX",
      { file },
      `not a Parquet file that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  const buffer = await asyncBufferFromFile(file);
  if (buffer.byteLength === 0) return;
  const metadata = await parquetMetadataAsync(buffer).catch((cause: unknown) => {
    throw fail(cause);
  });
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd }).catch(
      (cause: unknown) => {
        throw fail(cause);
      },
    );
    for (const [index, value] of rows.entries())
      yield { value: plain(value), place: { file, row: rowStart + index + 1 } };
    rowStart = rowEnd;
  }
}

/** What JSON could have said: BigInts and dates as text, nothing undefined. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [key, plain(inner)]),
    );
  }
  return value;
}
