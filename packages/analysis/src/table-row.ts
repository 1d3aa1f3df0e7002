import { type Table, type TableCell, UnshiftError } from "@unshift/contracts";

/** A row by column name. */
export type TableRow = Readonly<Record<string, TableCell>>;

/** The rows of a table by column name. @throws INTERNAL where there is no such table. */
export function tableRows(tables: readonly Table[], name: string): TableRow[] {
  const table = tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new UnshiftError("INTERNAL", `there is no table ${name}`);
  return table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column.name, row[i] ?? null])));
}
