import { type ErrorCode, UnshiftError } from "@unshift/contracts";

/** Where a row stands. Both count from 1. */
export interface RowPlace {
  readonly file: string;
  /** Line the row begins on. */
  readonly line: number;
  readonly row: number;
}

/** One object of a file, its fields not yet looked at. */
export interface Row {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place: RowPlace;
}

/** `answers.json:12 (row 3)` */
export function nameOf({ file, line, row }: RowPlace): string {
  return `${file}:${line} (row ${row})`;
}

/** A fault of a row: `row 3: …`, placed at its file and line. */
export function rowError(
  place: RowPlace,
  message: string,
  parts: { readonly code?: ErrorCode; readonly hint?: string | undefined } = {},
): UnshiftError {
  return new UnshiftError(parts.code ?? "DATASET_FIELD", `row ${place.row}: ${message}`, {
    where: { file: place.file, line: place.line },
    hint: parts.hint,
  });
}

/** A field of the wrong kind: what was found and what is wanted. */
export function fieldError(row: Row, field: string, wanted: string, hint?: string): UnshiftError {
  const value = row.fields[field];
  const message =
    value === undefined
      ? `there is no ${JSON.stringify(field)}; wanted is ${wanted}. Its fields are ${fieldList(row)}`
      : `${JSON.stringify(field)} is ${shown(value)}; wanted is ${wanted}`;
  return rowError(row.place, message, { hint });
}

/** The names of a row's fields, quoted. */
export function fieldList(row: Row): string {
  const names = Object.keys(row.fields);
  return names.length === 0 ? "none" : names.map((name) => JSON.stringify(name)).join(", ");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const kind = value === null ? "" : Array.isArray(value) ? "a list, " : typeof value === "object" ? "an object, " : "";
  return `${kind}${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
