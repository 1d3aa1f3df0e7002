import { cellText, type ShownTable } from "./shown-table.js";

/** A table of GitHub-flavoured Markdown under a heading; notes stand above it as a quotation. */
export function markdownTable({ title, columns, rows }: ShownTable, notes: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${inline(title)}`,
    "",
    ...notes.flatMap((note) => [`> ${inline(note)}`, ">"]).slice(0, -1),
    ...(notes.length === 0 ? [] : [""]),
    line(columns.map(({ name }) => inline(name))),
    line(columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
    ...rows.map((row) => line(row.map((cell) => inline(cellText(cell))))),
    "",
  ].join("\n");
}

/** Text that means itself within a cell: no markup, no HTML, no end of the cell or the line. */
function inline(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&]/g, (sign) => `\\${sign}`)
    .replace(/\s+/g, " ")
    .trim();
}
