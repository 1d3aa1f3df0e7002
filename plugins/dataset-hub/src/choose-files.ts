import { UnshiftError } from "@unshift/contracts";
import { isData } from "./data-file.js";

const shard = /-\d{5}-of-\d{5}(?=\.)/;

/**
 * The files of a split: JSONL or Parquet whose path holds the split as a word (`data/train-00000-of-00002.parquet`,
 * `test.jsonl`), and the config where one is given. Shards of one file belong together; more than one such file is a choice
 * that only the user can make.
 */
export function splitFiles(files: readonly string[], split: string, config: string | undefined): readonly string[] {
  const data = files.filter(isData);
  const fitting = data.filter((file) => holds(file, split) && (config === undefined || holds(file, config)));
  const groups = new Set(fitting.map((file) => file.replace(shard, "").replace(/\/\d{4}(?=\.parquet$)/, "")));
  if (groups.size === 1) return fitting;
  const asked = `split "${split}"${config === undefined ? "" : ` of config "${config}"`}`;
  throw new UnshiftError(
    "DATASET_NOT_FOUND",
    groups.size === 0
      ? `no JSONL or Parquet file is of ${asked}. The repository holds ${listed(data)}.`
      : `several files could be ${asked}: ${listed(fitting)}.`,
    {
      hint:
        groups.size === 0
          ? "Name the files by `files`, another `split`, or `revision: refs/convert/parquet`, where the hub keeps most datasets as Parquet."
          : "Name one by `files`, or its `config`.",
    },
  );
}

/** The files named, all of which must be there. */
export function namedFiles(files: readonly string[], names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!files.includes(name)) {
      throw new UnshiftError(
        "DATASET_NOT_FOUND",
        `the repository has no file "${name}". It holds ${listed(files.filter(isData))}.`,
      );
    }
    if (!isData(name)) throw new UnshiftError("DATASET_SYNTAX", `"${name}" is neither .jsonl nor .parquet`);
  }
  return names;
}

/** The first of `preferred` that is there. */
export function preferredFile(files: readonly string[], preferred: readonly string[]): readonly string[] {
  const found = preferred.find((name) => files.includes(name));
  if (found !== undefined) return [found];
  throw new UnshiftError(
    "DATASET_NOT_FOUND",
    `the repository has none of ${listed(preferred)} (any more). It holds ${listed(files.filter(isData))}.`,
    { hint: "Name the file by `file`, or a local one by `path`." },
  );
}

/** `test` is a word of `data/test-00000.jsonl` and of `main/test/0000.parquet`, not of `latest.jsonl`. */
function holds(file: string, word: string): boolean {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[/_.-])${escaped}([/_.-]|$)`).test(file);
}

function listed(files: readonly string[]): string {
  if (files.length === 0) return "none";
  return files.length > 12 ? `${files.slice(0, 12).join(", ")}, … (${files.length})` : files.join(", ");
}
