import type { Table } from "@unshift/contracts";
import { nearest } from "@unshift/core";
import { usageError } from "../failure.js";
import { type TableFormat, tableFormats } from "./table-formats.js";

/** `--json` is short for `--format json`. Throws USAGE where they contradict. */
export function askedFormat(args: {
  readonly json: boolean;
  readonly format?: string | undefined;
}): TableFormat | null {
  if (args.json && args.format !== undefined && args.format !== "json") {
    throw usageError(`--json contradicts --format ${args.format}`);
  }
  return args.json ? "json" : (tableFormats.find((format) => format === args.format) ?? null);
}

/** The tables of these names, in the order asked for. Throws USAGE for a name that no table has. */
export function chooseTables(tables: readonly Table[], names: readonly string[]): Table[] {
  return names.map((name) => {
    const table = tables.find((candidate) => candidate.name === name);
    if (table !== undefined) return table;
    const known = tables.map((candidate) => candidate.name);
    const near = nearest(name, known);
    throw usageError(
      `there is no table ${JSON.stringify(name)}. Tables: ${known.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`,
    );
  });
}
