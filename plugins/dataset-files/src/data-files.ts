import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type JsonObject, UnshiftError } from "@unshift/contracts";
import { readJson } from "./read-json.js";
import { readJsonl } from "./read-jsonl.js";
import type { Row } from "./row.js";

export const formats = ["json", "jsonl", "csv", "parquet"] as const;
export type Format = (typeof formats)[number];

const extensions: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".parquet": "parquet",
};
// Parsers are loaded by the first file that needs them: listing plugins needs none.
const readers: Readonly<Record<Format, (file: string, signal: AbortSignal) => AsyncIterable<Row>>> = {
  json: readJson,
  jsonl: readJsonl,
  csv: async function* (file, signal) {
    yield* (await import("./read-csv.js")).readCsv(file, signal);
  },
  parquet: async function* (file) {
    yield* (await import("./read-parquet.js")).readParquet(file);
  },
};

export interface DataFile {
  readonly path: string;
  readonly format: Format;
  readonly sha256: string;
}

/** @throws DATASET_NOT_FOUND, DATASET_SYNTAX where the format of a file is not known */
export async function openFiles(
  paths: readonly string[],
  format: Format | undefined,
  signal: AbortSignal,
): Promise<readonly DataFile[]> {
  const files: DataFile[] = [];
  for (const path of paths) {
    await checkReadable(path);
    files.push({ path, format: format ?? formatOf(path), sha256: await hashOf(path, signal) });
  }
  return files;
}

/** Rows of a file, read anew at each call and never held together. */
export async function* rowsOf({ path, format }: DataFile, signal: AbortSignal): AsyncGenerator<Row> {
  for await (const row of readers[format](path, signal)) {
    if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted while reading samples");
    yield row;
  }
}

/** What pins the content. */
export function filesProvenance(files: readonly DataFile[]): JsonObject[] {
  return files.map(({ path, format, sha256 }) => ({ name: basename(path), format, sha256 }));
}

function formatOf(path: string): Format {
  const format = extensions[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new UnshiftError(
    "DATASET_SYNTAX",
    `the format of "${basename(path)}" cannot be told by its name; known are ${Object.keys(extensions).join(", ")}`,
    {
      where: { file: path },
      hint: `Set format: to one of ${formats.join(", ")}.`,
    },
  );
}

async function checkReadable(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw notFound(path, cause);
  });
  if (!found.isFile())
    throw new UnshiftError("DATASET_NOT_FOUND", "the dataset path is not a file", { where: { file: path } });
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const digest = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) digest.update(chunk);
  } catch (cause) {
    if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted while reading samples", { cause });
    throw notFound(path, cause);
  }
  return digest.digest("hex");
}

function notFound(path: string, cause: unknown): UnshiftError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return new UnshiftError(
    "DATASET_NOT_FOUND",
    code === "ENOENT"
      ? "the dataset file does not exist"
      : `the dataset file cannot be read (${String(code ?? cause)})`,
    {
      where: { file: path },
      hint: "Paths are relative to the experiment file that names them.",
      cause,
    },
  );
}
