import { type ErrorCode, UnshiftError } from "@unshift/contracts";

/** Where a row stands: the line it begins on, or its number where the format has no lines (Parquet). Both count from 1. */
export interface RowPlace {
  readonly file: string;
  readonly line?: number;
  readonly row?: number;
}

/** One row of a file, not yet looked at. */
export interface Row {
  readonly value: unknown;
  readonly place: RowPlace;
}

/** `file.jsonl:3`, `file.parquet row 3`. */
export function nameOf(place: RowPlace): string {
  if (place.line !== undefined) return `${place.file}:${place.line}`;
  return place.row === undefined ? place.file : `${place.file} row ${place.row}`;
}

export function rowError(
  code: ErrorCode,
  place: RowPlace,
  message: string,
  parts: { hint?: string; column?: number; cause?: unknown } = {},
): UnshiftError {
  const { line, row } = place;
  const where = {
    file: place.file,
    ...(line === undefined ? {} : { line }),
    ...(parts.column === undefined ? {} : { column: parts.column }),
  };
  return new UnshiftError(code, row === undefined || line !== undefined ? message : `row ${row}: ${message}`, {
    where,
    hint: parts.hint,
    cause: parts.cause,
  });
}

/** Offset that a JSON.parse error names, where it names one. */
export function jsonErrorOffset(error: unknown): number | undefined {
  const found = error instanceof Error ? /position (\d+)/.exec(error.message) : null;
  return found === null ? undefined : Number(found[1]);
}
