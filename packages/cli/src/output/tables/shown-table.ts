import type { Table, TableCell, TableColumn } from "@unshift/contracts";

/** A table as people read it: figures rounded, each with its interval in one cell. */
export interface ShownTable {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly ShownCell[])[];
}

/** `text` of a string or boolean; a number with its interval as texts; nothing where there is no value. */
export type ShownCell =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly value: string; readonly interval: readonly [low: string, high: string] | null }
  | { readonly kind: "absent" };

/** Decimals by unit; scores up to 1 (shares under another name) get one more. */
const decimals: Readonly<Record<string, number>> = {
  score: 2,
  share: 3,
  probability: 4,
  words: 1,
  tokens: 1,
  points: 1,
  elo: 1,
  kappa: 3,
  alpha: 3,
  rank: 2,
  nats: 4,
};

/** Puts `x`, `x_low` and `x_high` together. Nothing else is left out. */
export function shownTable({ name, title, columns, rows }: Table): ShownTable {
  const place = new Map(columns.map((column, at) => [column.name, at]));
  const limits = new Map<number, readonly [number, number]>();
  const hidden = new Set<number>();
  for (const [at, column] of columns.entries()) {
    const low = place.get(`${column.name}_low`);
    const high = place.get(`${column.name}_high`);
    if (low === undefined || high === undefined) continue;
    limits.set(at, [low, high]);
    hidden.add(low).add(high);
  }
  const kept = columns.flatMap((column, at) => (hidden.has(at) ? [] : [{ column, at, limit: limits.get(at) }]));
  return {
    name,
    title,
    columns: kept.map(({ column }) => ({ name: column.name, numeric: isNumeric(column) })),
    rows: rows.map((row) =>
      kept.map(({ column, at, limit }) => {
        const fraction = decimalsOf(column, at, rows);
        const interval = limit === undefined ? null : intervalOf(row, limit, column, fraction);
        return shownCell(row[at] ?? null, column, fraction, interval);
      }),
    ),
  };
}

function isNumeric({ type }: TableColumn): boolean {
  return type === "integer" || type === "number";
}

function decimalsOf({ type, unit }: TableColumn, at: number, rows: Table["rows"]): number {
  if (type === "integer") return 0;
  if (unit !== "score") return decimals[unit ?? ""] ?? 3;
  return rows.every((row) => typeof row[at] !== "number" || Math.abs(row[at]) <= 1) ? 3 : 2;
}

function shownCell(
  cell: TableCell,
  column: TableColumn,
  fraction: number,
  interval: readonly [string, string] | null,
): ShownCell {
  if (cell === null) return { kind: "absent" };
  if (typeof cell !== "number") return { kind: "text", text: String(cell) };
  return { kind: "number", value: shownNumber(cell, column, fraction), interval };
}

function intervalOf(
  row: readonly TableCell[],
  [low, high]: readonly [number, number],
  column: TableColumn,
  fraction: number,
): readonly [string, string] | null {
  const from = row[low];
  const to = row[high];
  return typeof from === "number" && typeof to === "number"
    ? [shownNumber(from, column, fraction), shownNumber(to, column, fraction)]
    : null;
}

function shownNumber(value: number, { unit }: TableColumn, fraction: number): string {
  const smallest = 10 ** -fraction;
  if (unit === "probability" && value > 0 && value < smallest) return `<${smallest.toFixed(fraction)}`;
  const text = value.toFixed(fraction);
  // "-0.00" is no figure.
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/** `4.22 [4.10, 4.33]`, with a dash where there is nothing. */
export function cellText(cell: ShownCell): string {
  if (cell.kind === "absent") return "–";
  if (cell.kind === "text") return cell.text;
  return cell.interval === null ? cell.value : `${cell.value} [${cell.interval.join(", ")}]`;
}
