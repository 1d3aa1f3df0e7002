import type { Table, TableCell } from "@unshift/contracts";

/** One row by column name; a column the table does not have reads as null. */
export interface RowView {
  cell(column: string): TableCell;
  number(column: string): number | null;
  text(column: string): string;
  /** A figure with the limits of its interval: columns `x`, `x_low`, `x_high`. */
  estimate(column: string): Estimate;
}

export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A table by column name. */
export interface TableView {
  readonly table: Table;
  readonly rows: readonly RowView[];
  has(column: string): boolean;
}

export function tableView(table: Table): TableView {
  const indexes = new Map(table.columns.map(({ name }, index) => [name, index]));
  const rows = table.rows.map((cells): RowView => {
    const cell = (column: string): TableCell => cells[indexes.get(column) ?? -1] ?? null;
    const number = (column: string): number | null => {
      const value = cell(column);
      return typeof value === "number" ? value : null;
    };
    return {
      cell,
      number,
      estimate: (column) => ({ value: number(column), low: number(`${column}_low`), high: number(`${column}_high`) }),
      text: (column) => {
        const value = cell(column);
        return value === null ? "" : String(value);
      },
    };
  });
  return { table, rows, has: (column) => indexes.has(column) };
}
