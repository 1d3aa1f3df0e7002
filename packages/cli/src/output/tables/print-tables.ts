import type { Table } from "@unshift/contracts";
import { tableCsv } from "@unshift/store";
import pc from "picocolors";
import { usageError } from "../failure.js";
import { print, printJson, tell } from "../print.js";
import { textTable } from "../text-table.js";
import { latexTable } from "./latex-table.js";
import { markdownTable } from "./markdown-table.js";
import { cellText, type ShownTable, shownTable } from "./shown-table.js";
import type { TableFormat } from "./table-formats.js";

/** Prints tables; notes stand with each of them, or on stderr where the format has no place for them. Throws USAGE. */
export function printTables(tables: readonly Table[], format: TableFormat, notes: readonly string[] = []): void {
  if (format === "json") {
    printJson(tables);
    return;
  }
  if (format === "csv") {
    const [table, ...more] = tables;
    if (table === undefined || more.length > 0) {
      throw usageError(
        `CSV holds one table: name it with --table (there are ${tables.map(({ name }) => name).join(", ") || "none"})`,
      );
    }
    for (const note of notes) tell(note);
    process.stdout.write(tableCsv(table));
    return;
  }
  const write = { text: textOf, markdown: markdownTable, latex: latexTable }[format];
  print(
    tables
      .map((table) => write(shownTable(table), notes))
      .join("\n")
      .trimEnd(),
  );
}

function textOf({ title, columns, rows }: ShownTable, notes: readonly string[]): string {
  const header = columns.map(({ name }) => name);
  const cells = rows.map((row) => row.map(cellText));
  const body =
    rows.length === 0
      ? pc.dim("no rows")
      : textTable(
          header,
          cells,
          columns.map(({ numeric }) => numeric),
        );
  return [pc.bold(title), ...notes.map((note) => pc.yellow(`• ${note}`)), body, ""].join("\n");
}
