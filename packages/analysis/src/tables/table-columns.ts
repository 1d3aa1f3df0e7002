import type { Table, TableCell, TableColumn } from "@unshift/contracts";
import { type Estimate, finiteOrNull } from "../statistics/estimate.js";

/** A column and how a row's cell is had. */
export interface ColumnOf<Row> extends TableColumn {
  readonly cell: (row: Row) => TableCell;
}

export function buildTable<Row>(
  name: string,
  title: string,
  columns: readonly ColumnOf<Row>[],
  rows: readonly Row[],
): Table {
  return {
    name,
    title,
    columns: columns.map(({ cell: _, ...column }) => column),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
}

export function text<Row>(name: string, meaning: string, cell: (row: Row) => string | null): ColumnOf<Row> {
  return { name, type: "string", unit: null, meaning, cell };
}

export function count<Row>(
  name: string,
  unit: string,
  meaning: string,
  cell: (row: Row) => number | null,
): ColumnOf<Row> {
  return { name, type: "integer", unit, meaning, cell };
}

export function flag<Row>(name: string, meaning: string, cell: (row: Row) => boolean): ColumnOf<Row> {
  return { name, type: "boolean", unit: null, meaning, cell };
}

/** A number; what is not finite is undefined, so null. */
export function figure<Row>(
  name: string,
  unit: string,
  meaning: string,
  cell: (row: Row) => number | null,
): ColumnOf<Row> {
  const defined = (row: Row): number | null => {
    const value = cell(row);
    return value === null ? null : finiteOrNull(value);
  };
  return { name, type: "number", unit, meaning, cell: defined };
}

/** Three columns: the figure, `_low` and `_high` (limits of its 95 % interval). */
export function estimated<Row>(
  name: string,
  unit: string,
  meaning: string,
  of: (row: Row) => Estimate,
): ColumnOf<Row>[] {
  return [
    figure(name, unit, meaning, (row) => of(row).value),
    figure(`${name}_low`, unit, `Lower limit of the 95 % interval of ${name}.`, (row) => of(row).low),
    figure(`${name}_high`, unit, `Upper limit of the 95 % interval of ${name}.`, (row) => of(row).high),
  ];
}

/** A share of whole counts; null of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
