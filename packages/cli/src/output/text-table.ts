/**
 * Rows as aligned columns for a terminal; numbers to the right. Width counts code points: ids and figures are narrow.
 *
 * @param numeric [columns] which hold numbers, where the cells are texts already
 */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  numeric: readonly boolean[] = [],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))));
  const right = header.map(
    (_, column) => numeric[column] ?? (rows.length > 0 && rows.every((row) => typeof row[column] !== "string")),
  );
  const widths = header.map((title, column) =>
    Math.max(length(title), ...cells.map((row) => length(row[column] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat((widths[column] ?? 0) - length(cell));
        return right[column] ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  return [line(header), ...cells.map(line)].join("\n");
}

function length(text: string): number {
  return [...text].length;
}
