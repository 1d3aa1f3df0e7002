import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { UnshiftError, type Where } from "@unshift/contracts";

/** One row: its columns, and where it stands. */
export interface Row {
  readonly columns: Readonly<Record<string, unknown>>;
  readonly where: Where;
  /** From 1, in the file. */
  readonly number: number;
}

/** Rows of a JSONL or Parquet file, in order; a file may be larger than memory. */
export function readRows(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  return extname(file).toLowerCase() === ".parquet" ? readParquet(file, signal) : readJsonl(file, signal);
}

async function* readJsonl(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  let line = 0;
  let number = 0;
  const lines = createInterface({ input: createReadStream(file, { encoding: "utf8", signal }), crlfDelay: Infinity });
  for await (const raw of lines) {
    line += 1;
    const text = line === 1 ? raw.replace(/^\uFEFF/, "") : raw;
    if (text.trim() === "") continue;
    number += 1;
    const where = { file, line };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UnshiftError("DATASET_SYNTAX", `this line is not JSON: ${why}`, { where, cause });
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UnshiftError("DATASET_SYNTAX", "this line is no JSON object", { where });
    }
    yield { columns: value as Readonly<Record<string, unknown>>, where, number };
  }
}

async function* readParquet(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  // Loaded by the first file that needs them: listing plugins needs none.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const fail = (cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new UnshiftError("DATASET_SYNTAX", `not a Parquet file that can be read: ${why}`, {
      where: { file },
      cause,
    });
  };
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer).catch((cause: unknown) => {
    throw fail(cause);
  });
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted while reading samples");
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd }).catch(
      (cause: unknown) => {
        throw fail(cause);
      },
    );
    for (const [index, columns] of rows.entries()) yield { columns, where: { file }, number: rowStart + index + 1 };
    rowStart = rowEnd;
  }
}
