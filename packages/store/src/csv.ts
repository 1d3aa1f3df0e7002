/** What a CSV cell may hold. */
export type CsvCell = string | number | bigint | boolean | null;

function csvCell(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return Object.is(cell, -0) ? "-0" : String(cell);
  // The empty text is quoted to stay apart from null; quoting a text with edge blanks keeps readers from trimming it.
  return cell === "" || /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One line of RFC 4180 CSV with "\n": null is empty, an empty text `""`, numbers in their shortest exact form. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}
