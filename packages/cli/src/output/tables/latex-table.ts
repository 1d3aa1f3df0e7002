import type { ShownCell, ShownTable } from "./shown-table.js";

/** A `table` with a `tabular` in it, for the package booktabs and the encoding T1. Notes join the caption. */
export function latexTable({ name, title, columns, rows }: ShownTable, notes: readonly string[]): string {
  const line = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  return [
    "% \\usepackage[T1]{fontenc} \\usepackage{booktabs}",
    "\\begin{table}",
    "\\centering",
    `\\caption{${[title, ...notes].map((text) => `${latexText(text)}.`).join(" ")}}`,
    `\\label{tab:${name.replaceAll(/[^A-Za-z0-9]+/g, "-")}}`,
    `\\begin{tabular}{${columns.map(({ numeric }) => (numeric ? "r" : "l")).join("")}}`,
    "\\toprule",
    line(columns.map((column) => latexText(column.name))),
    "\\midrule",
    ...rows.map((row) => line(row.map(latexCell))),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

function latexCell(cell: ShownCell): string {
  if (cell.kind === "absent") return "--";
  if (cell.kind === "text") return latexText(cell.text);
  if (cell.interval === null) return latexNumber(cell.value);
  // Braces: a bracket after the end of a row would be taken for its optional argument.
  return `${latexNumber(cell.value)} {[${cell.interval.map(latexNumber).join(", ")}]}`;
}

function latexNumber(number: string): string {
  return number.replace(/^-/, "$-$").replace(/^</, "$<$");
}

/** Signs that mean something to TeX, or that its default fonts lack. Other letters of Unicode stay: pdfLaTeX knows Latin ones, XeLaTeX all. */
const signs: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "%": "\\%",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "`": "\\textasciigrave{}",
  "[": "{[}",
  "]": "{]}",
  "→": "$\\rightarrow$",
  "←": "$\\leftarrow$",
  "‖": "$\\Vert$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "−": "$-$",
  "×": "$\\times$",
  "·": "$\\cdot$",
  "…": "\\dots{}",
  "–": "--",
  "—": "---",
  "“": "``",
  "”": "''",
  "‘": "`",
  "’": "'",
  "\u00a0": "~",
};

/** Text that means itself in LaTeX. Hyphens in a row are kept from becoming a dash. */
export function latexText(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f]+/g, " ")
    .replaceAll(/-(?=-)/g, "\u0000")
    .replaceAll(/[^A-Za-z0-9 ]/g, (sign) => (sign === "\u0000" ? "-{}" : (signs[sign] ?? sign)));
}
