import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type Dataset, type JsonObject, type Sample, UnshiftError } from "@unshift/contracts";
import { type FieldOptions, type Fields, fieldsOf } from "./fields.js";
import { readCsv } from "./read-csv.js";
import { readJson } from "./read-json.js";
import { readJsonl } from "./read-jsonl.js";
import { readParquet } from "./read-parquet.js";
import { nameOf, type Row, type RowPlace, rowError } from "./row.js";
import { contentId, rowSample } from "./row-sample.js";

export const formats = ["json", "jsonl", "csv", "parquet"] as const;
export type Format = (typeof formats)[number];

const extensions: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".parquet": "parquet",
};
const readers: Readonly<Record<Format, (file: string, signal: AbortSignal) => AsyncIterable<Row>>> = {
  json: readJson,
  jsonl: readJsonl,
  csv: readCsv,
  parquet: readParquet,
};

interface DataFile {
  readonly path: string;
  readonly format: Format;
  readonly sha256: string;
}

/**
 * Samples of one or several files, in the order of the files and their rows. Rows are read again at each load and never held
 * together; only ids are remembered, to refuse the second of two.
 */
export class FilesDataset implements Dataset {
  readonly provenance: JsonObject;
  readonly #files: readonly DataFile[];
  readonly #fields: Fields;

  private constructor(files: readonly DataFile[], options: FieldOptions | undefined) {
    this.#files = files;
    this.#fields = fieldsOf(options);
    this.provenance = { files: files.map(({ path, format, sha256 }) => ({ name: basename(path), format, sha256 })) };
  }

  /** @throws DATASET_NOT_FOUND, DATASET_SYNTAX where the format of a file is not known */
  static async open(
    paths: readonly string[],
    format: Format | undefined,
    fields: FieldOptions | undefined,
    signal: AbortSignal,
  ): Promise<FilesDataset> {
    const files: DataFile[] = [];
    for (const path of paths) {
      await checkReadable(path);
      files.push({ path, format: format ?? formatOf(path), sha256: await hashOf(path, signal) });
    }
    return new FilesDataset(files, fields);
  }

  async *samples(signal: AbortSignal): AsyncGenerator<Sample> {
    const ids = new Map<string, RowPlace>();
    const columns = new Set<string>();
    let withIds: boolean | null = this.#fields.idNamed ? true : null;
    for (const { path, format } of this.#files) {
      let count = 0;
      for await (const row of readers[format](path, signal)) {
        if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted while reading samples");
        if (columns.size < 10_000 && typeof row.value === "object" && row.value !== null)
          for (const column of Object.keys(row.value)) columns.add(column);
        const { id: named, ...rest } = rowSample(row, this.#fields, format === "csv");
        withIds ??= named !== null;
        if ((named !== null) !== withIds) throw this.#idError(row.place, withIds);
        const id = named ?? contentId(rest.messages);
        const first = ids.get(id);
        if (first !== undefined) throw duplicate(id, first, row.place, named === null);
        ids.set(id, row.place);
        count += 1;
        yield { id, ...rest };
      }
      if (count === 0) throw new UnshiftError("DATASET_EMPTY", "the file holds no sample", { where: { file: path } });
    }
    const absent = this.#fields.named.find((column) => !columns.has(column));
    if (absent !== undefined) {
      throw new UnshiftError(
        "DATASET_FIELD",
        `"fields" names the column "${absent}", which no row has; there are ${[...columns].map((column) => `"${column}"`).join(", ")}`,
        {
          where: { file: this.#files[0]?.path ?? "" },
        },
      );
    }
  }

  #idError(place: RowPlace, withIds: boolean): UnshiftError {
    const { id } = this.#fields;
    return withIds
      ? rowError("DATASET_FIELD", place, `the sample has no "${id}", but the others have`)
      : rowError("DATASET_FIELD", place, `the sample has an "${id}", but those before it have none`);
  }
}

function duplicate(id: string, first: RowPlace, second: RowPlace, content: boolean): UnshiftError {
  return content
    ? rowError("DATASET_DUPLICATE_ID", second, `the same chat stands at ${nameOf(first)} already`, {
        hint: "Samples without ids are told apart by their text: give them ids, or leave one out.",
      })
    : rowError("DATASET_DUPLICATE_ID", second, `the id "${id}" stands at ${nameOf(first)} already`);
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
