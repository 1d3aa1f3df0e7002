import { readFileSync } from "node:fs";
import { seededRandom } from "@unshift/analysis";
import type { Table } from "@unshift/contracts";
import { tableCsv } from "@unshift/store";
import test from "ava";
import { latexTable, latexText } from "../src/output/tables/latex-table.js";
import { markdownTable } from "../src/output/tables/markdown-table.js";
import { cellText, shownTable } from "../src/output/tables/shown-table.js";
import { askedFormat, chooseTables } from "../src/output/tables/table-format.js";

const column = (name: string, type: "string" | "integer" | "number", unit: string | null = null) => ({
  name,
  type,
  unit,
  meaning: ".",
});
/** Everything that a format could trip over. */
const odd: Table = {
  name: "odd_names",
  title: "100 % of A & B | C",
  columns: [
    column("system_id", "string"),
    column("n", "integer", "answers"),
    column("mean", "number", "score"),
    column("mean_low", "number", "score"),
    column("mean_high", "number", "score"),
    column("p", "number", "probability"),
    column("note", "string"),
  ],
  rows: [
    ["llama_2-7b|chat", 800, 4.224, 4.1, 4.338, 0.00002, "50 % {x} \\cmd $5 #1 ~ ^ <b>&amp;</b>"],
    ["a→b", 0, null, null, null, null, null],
    ['"quoted", with comma', 3, -0.001, null, null, 1, "line one\nline two -- three"],
    ["Zürich [1]", 1234567, -1.5, -2, -1, 0.05, "`code` *bold* _it_"],
  ],
};
const notes = ["not comparable: judges.just_eval.version: 1 in a, 2 in b"];
const golden = (name: string) => readFileSync(new URL(`../../test/golden/${name}`, import.meta.url), "utf8");

test("Markdown, LaTeX and CSV are the golden files, byte for byte", (t) => {
  t.is(markdownTable(shownTable(odd), notes), golden("odd-names.md"));
  t.is(latexTable(shownTable(odd), notes), golden("odd-names.tex"));
  t.is(tableCsv(odd), golden("odd-names.csv"));
});

test("figures are rounded by unit, an interval stands with its figure, nothing is a dash", (t) => {
  const { columns, rows } = shownTable(odd);
  t.deepEqual(
    columns.map(({ name }) => name),
    ["system_id", "n", "mean", "p", "note"],
  );
  t.deepEqual(
    rows.map((row) => row.map(cellText).slice(1, 4)),
    [
      ["800", "4.22 [4.10, 4.34]", "<0.0001"],
      ["0", "–", "–"],
      ["3", "0.00", "1.0000"],
      ["1234567", "-1.50 [-2.00, -1.00]", "0.0500"],
    ],
  );
});

test("a limit without its figure's other limit stays a column of its own", (t) => {
  const half: Table = { ...odd, columns: odd.columns.slice(0, 4), rows: [["a", 1, 2, 1]] };
  t.deepEqual(
    shownTable(half).columns.map(({ name }) => name),
    ["system_id", "n", "mean", "mean_low"],
  );
});

/** Cells of a Markdown row as a reader of the format has them. */
function markdownCells(line: string): string[] {
  return line
    .replace(/^\| | \|$/g, "")
    .split(/(?<=(?:^|[^\\])(?:\\\\)*) \| /)
    .map((cell) => cell.replace(/\\([\\`*_{}[\]<>#|~&])/g, "$1"));
}

/** Texts over every sign that means something to a format, and some that look harmless. */
function oddTexts(count: number): string[] {
  const signs = [..."\\`*_{}[]<>#|~&%$^\"'-–—→‖ab Zü東😀.,;:!?", " ", "\n", "\t", "--", "\\|", "\u0000"];
  const random = seededRandom(1, "odd texts");
  return Array.from({ length: count }, () =>
    Array.from({ length: random.below(10) }, () => signs[random.below(signs.length)] ?? "").join(""),
  );
}

test("every row of a Markdown table has the columns of its header, and the texts come back", (t) => {
  const texts = oddTexts(600);
  const rows = texts.flatMap((text, i) => (i % 2 === 0 ? [[text, texts[i + 1] ?? ""]] : []));
  const table: Table = { ...odd, columns: [column("a", "string"), column("b", "string")], rows };
  const lines = markdownTable(shownTable(table), []).trimEnd().split("\n").slice(4);
  t.is(lines.length, rows.length);
  for (const [i, row] of rows.entries()) {
    t.deepEqual(
      markdownCells(lines[i] ?? ""),
      row.map((text) => text.replace(/\s+/g, " ").trim()),
    );
  }
});

test("LaTeX text has no sign with a meaning of its own left", (t) => {
  for (const text of oddTexts(2000)) {
    // One expression, so that signs are read from left to right as TeX does.
    const known = /\\(?:text[a-z]+|dots)\{\}|\\[{}$&#_%]|\$(?:\\[A-Za-z]+|-)\$|\{[[\]]\}|-\{\}/g;
    const bare = latexText(text).replace(known, "");
    t.notRegex(bare, /[\\{}$&#_%^~<>|"[\]\n\t\u0000]/, JSON.stringify(text));
  }
  t.is(latexText("a_b % c---d"), "a\\_b \\% c-{}-{}-d");
});

test("a format is asked for once; tables by their names, with the nearest one where there is none", (t) => {
  t.is(askedFormat({ json: true }), "json");
  t.is(askedFormat({ json: false, format: "latex" }), "latex");
  t.is(askedFormat({ json: false }), null);
  t.throws(() => askedFormat({ json: true, format: "csv" }), { code: "USAGE" });
  t.deepEqual(chooseTables([odd], ["odd_names"]), [odd]);
  t.throws(() => chooseTables([odd], ["odd_name"]), { code: "USAGE", message: /Did you mean "odd_names"/ });
});
