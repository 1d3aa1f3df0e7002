import type { TableColumn } from "@unshift/contracts";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { RowView, TableView } from "../data/table-view.js";
import { count, divergence, percent, real } from "../text/format.js";
import { inlineText } from "../text/visible-text.js";
import { ScrollBox } from "./scroll-box.js";

const page = 100;

/** The table a picture was drawn from, folded away: exact figures for readers and screen readers. */
export function TableFold({
  view,
  rows,
  label = "The table behind it",
}: {
  readonly view: TableView;
  readonly rows?: readonly RowView[];
  readonly label?: string;
}): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      {open ? <DataTable view={view} rows={rows ?? view.rows} /> : null}
    </details>
  );
}

/** Any table, all its columns; each header tells its meaning. */
function DataTable({ view, rows }: { readonly view: TableView; readonly rows: readonly RowView[] }): VNode {
  const [shown, setShown] = useState(page);
  const { columns, title } = view.table;
  return (
    <>
      <ScrollBox class="table-scroll" label={title}>
        <table class="data">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  scope="col"
                  class={column.type === "string" ? "" : "number"}
                  title={`${column.meaning}${column.unit === null ? "" : ` (${column.unit})`}`}
                >
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr>
                {columns.map((column) => (
                  <td class={column.type === "string" ? "" : "number"}>
                    <bdi>{cellText(row, column)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {rows.length > shown ? (
        <button type="button" class="button" onClick={() => setShown(shown + 10 * page)}>
          Show more of {count(rows.length)} rows
        </button>
      ) : null}
    </>
  );
}

function cellText(row: RowView, column: TableColumn): string {
  const value = row.cell(column.name);
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return inlineCell(value);
  if (column.unit === "nats" || isTotalVariation(column)) return divergence(value);
  if (column.unit === "share") return percent(value);
  return column.type === "integer" ? count(value) : real(value);
}

/** A share by its unit, but read beside KL and JS, so written like them. */
function isTotalVariation({ name }: TableColumn): boolean {
  return name.split("_").includes("tv");
}

function inlineCell(text: string): string {
  const shown = inlineText(text).replaceAll("·", " ");
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
}
