import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Table, type TableCell, UnshiftError } from "@unshift/contracts";
import { csvLine } from "./csv.js";
import { writeFileDurably } from "./durable-file.js";
import { jsonErrorLine } from "./json-error-line.js";
import { makeFolder } from "./make-folder.js";
import { isMissing, readFault, writeFault } from "./storage-fault.js";

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Numbers that JSON lacks: a mean log-probability may be -Infinity. They are stored as these texts. */
const numbersByText: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function storedCell(cell: TableCell): TableCell {
  return typeof cell === "number" && !Number.isFinite(cell) ? String(cell) : cell;
}

/** A table as JSON, one row a line, so that two analyses can be compared with diff. */
export function tableJson(table: Table): string {
  const rows = table.rows.map((row) => `    ${JSON.stringify(row.map(storedCell))}`);
  const columns = table.columns.map((column) => `    ${JSON.stringify(column)}`);
  return [
    "{",
    `  "name": ${JSON.stringify(table.name)},`,
    `  "title": ${JSON.stringify(table.title)},`,
    `  "columns": [${columns.length > 0 ? `\n${columns.join(",\n")}\n  ` : ""}],`,
    `  "rows": [${rows.length > 0 ? `\n${rows.join(",\n")}\n  ` : ""}]`,
    "}\n",
  ].join("\n");
}

export function tableCsv(table: Table): string {
  return [table.columns.map((column) => column.name), ...table.rows].map(csvLine).join("");
}

function revived(table: Table): Table {
  const isNumber = table.columns.map((column) => column.type === "number" || column.type === "integer");
  const rows = table.rows.map((row) =>
    row.map((cell, at) =>
      isNumber[at] === true && typeof cell === "string" ? (numbersByText.get(cell) ?? cell) : cell,
    ),
  );
  return { ...table, rows };
}

function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  const { name, title, columns, rows } = value as Partial<Record<keyof Table, unknown>>;
  return typeof name === "string" && typeof title === "string" && Array.isArray(columns) && Array.isArray(rows);
}

function parseTable(text: string, path: string): Table {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const line = jsonErrorLine(text);
    throw new UnshiftError("RUN_CORRUPT", `${path}:${line} is not valid JSON.`, {
      where: { file: path, line },
      hint: "Analyse the run again: tables are computed from what else it holds.",
      cause,
    });
  }
  if (!isTable(value)) throw new UnshiftError("RUN_CORRUPT", `${path} is no table.`, { where: { file: path } });
  return revived(value);
}

/** Writes `<name>.json` and `<name>.csv` of each table and removes those of tables an earlier analysis left. */
export async function writeTables(folder: string, tables: readonly Table[]): Promise<void> {
  const names = new Set<string>();
  for (const { name } of tables) {
    if (!nameForm.test(name)) throw new UnshiftError("INTERNAL", `"${name}" cannot be the name of a table's file.`);
    if (names.has(name.toLowerCase())) throw new UnshiftError("INTERNAL", `Two tables are named "${name}".`);
    names.add(name.toLowerCase());
  }
  try {
    await makeFolder(folder);
    for (const table of tables) {
      await writeFileDurably(join(folder, `${table.name}.json`), tableJson(table));
      await writeFileDurably(join(folder, `${table.name}.csv`), tableCsv(table));
    }
    const current = new Set(tables.flatMap(({ name }) => [`${name}.json`, `${name}.csv`]));
    for (const file of await readdir(folder)) {
      if (/\.(json|csv)$/.test(file) && !current.has(file)) await rm(join(folder, file), { force: true });
    }
  } catch (error) {
    throw writeFault(error, folder);
  }
}

/** The tables of the last analysis, by name. */
export async function readTables(folder: string): Promise<Table[]> {
  let files: string[];
  try {
    files = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw readFault(error, folder);
  }
  const tables: Table[] = [];
  for (const file of files.filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort()) {
    const path = join(folder, file);
    try {
      tables.push(parseTable(await readFile(path, "utf8"), path));
    } catch (error) {
      throw readFault(error, path);
    }
  }
  return tables;
}
