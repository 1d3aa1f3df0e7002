import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { readLines } from "./read-lines.js";
import { type Row, rowError } from "./row.js";

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** CSV (RFC 4180) with a header line. Every cell is text; an empty cell is an absent value. */
export async function* readCsv(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  const parser = parse({ info: true, skip_empty_lines: true });
  // Errors of the source arrive through the parser, which pipeline destroys with them.
  pipeline(Readable.from(linesAgain(file, signal)), parser, () => undefined);
  let header: readonly string[] | null = null;
  let lastLine = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      const line = lastLine + 1;
      lastLine = info.lines;
      if (header === null) {
        header = record;
        const twice = header.find((name, index) => header?.indexOf(name) !== index);
        if (twice !== undefined) throw rowError("DATASET_SYNTAX", { file, line }, `two columns are named "${twice}"`);
        continue;
      }
      const cells = header.map((name, index) => [name, record[index] ?? ""] as const).filter(([, cell]) => cell !== "");
      yield { value: Object.fromEntries(cells), place: { file, line } };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error && typeof error.lines === "number" ? error.lines : lastLine + 1;
    throw rowError("DATASET_SYNTAX", { file, line }, `not CSV: ${error.message}`, {
      hint: 'Cells that hold commas, quotes or ends of lines stand in quotes, quotes in them doubled: "say ""hi""".',
      cause: error,
    });
  }
}

/** The file as text, checked line by line to be UTF-8. */
async function* linesAgain(file: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { text } of readLines(file, signal)) yield `${text}\n`;
}
