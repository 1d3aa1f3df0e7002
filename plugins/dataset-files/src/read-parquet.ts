import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type Row, rowError } from "./row.js";

/** A Parquet file, a row group at a time. Lists and structs are lists and objects, 64-bit integers BigInts, timestamps Dates. */
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
    for (const [index, value] of rows.entries()) yield { value, place: { file, row: rowStart + index + 1 } };
    rowStart = rowEnd;
  }
}
