import { readLines } from "./read-lines.js";
import { jsonErrorOffset, type Row, rowError } from "./row.js";

/** One JSON value a line; blank lines are skipped. */
export async function* readJsonl(file: string, signal: AbortSignal): AsyncGenerator<Row> {
  for await (const { text, number } of readLines(file, signal)) {
    if (text.trim() === "") continue;
    const place = { file, line: number };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const offset = jsonErrorOffset(cause);
      throw rowError(
        "DATASET_SYNTAX",
        place,
        `this line is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          ...(offset === undefined ? {} : { column: offset + 1 }),
          hint: "Each line of a JSONL file holds one JSON object.",
          cause,
        },
      );
    }
    yield { value, place };
  }
}
