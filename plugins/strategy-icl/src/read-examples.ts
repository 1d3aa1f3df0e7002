import { createHash } from "node:crypto";
import { type ErrorCode, UnshiftError } from "@unshift/contracts";
import { ChosenExamples } from "./chosen-examples.js";
import type { ExampleSet } from "./example.js";

/**
 * Reads examples from the bytes of a file: a JSON list, or one JSON object a line, of `{ instruction, output, id?, input? }`. Rows
 * with an empty text, with an instruction that stood before, or with an `input` of their own (the paper leaves those
 * out too) are no examples and are counted.
 *
 * @throws DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID with file and line (row, where the file is a list)
 */
export function readExamples(bytes: Uint8Array, file: string): ExampleSet {
  const fault = (code: ErrorCode, message: string, line?: number, cause?: unknown) =>
    new UnshiftError(code, message, { where: line === undefined ? { file } : { file, line }, cause });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fault("DATASET_SYNTAX", "the examples are not UTF-8", undefined, cause);
  }
  const chosen = new ChosenExamples();
  const ids = new Set<string>();
  for (const { value, line, row } of rowsOf(text, fault)) {
    const at = `example ${row}`;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw fault("DATASET_FIELD", `${at} is not an object with instruction and output`, line);
    const field = (name: string): string => {
      const found: unknown = Reflect.get(value, name);
      if (typeof found === "string") return found;
      const type = found === undefined ? "missing" : `${Array.isArray(found) ? "a list" : typeof found}, not a text`;
      throw fault("DATASET_FIELD", `${at}: "${name}" is ${type}`, line);
    };
    const [instruction, output] = [field("instruction"), field("output")];
    const id = idOf(Reflect.get(value, "id"), row);
    if (id === null) throw fault("DATASET_FIELD", `${at}: "id" is neither a text nor a number`, line);
    if (ids.has(id))
      throw fault("DATASET_DUPLICATE_ID", `${at}: a second example has the id ${JSON.stringify(id)}`, line);
    ids.add(id);
    if (hasInput(Reflect.get(value, "input"))) chosen.leaveOut("withInput");
    else chosen.add({ id, instruction, output });
  }
  return { ...chosen.all(), sha256: createHash("sha256").update(bytes).digest("hex") };
}

interface Row {
  readonly value: unknown;
  /** In the file, where rows are lines. */
  readonly line: number | undefined;
  /** Counts from 1. */
  readonly row: number;
}

function* rowsOf(
  text: string,
  fault: (code: ErrorCode, message: string, line?: number, cause?: unknown) => UnshiftError,
): Generator<Row> {
  const parse = (json: string, what: string, line?: number): unknown => {
    try {
      return JSON.parse(json);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw fault("DATASET_SYNTAX", `${what} is not JSON: ${said}`, line, cause);
    }
  };
  if (text.trimStart().startsWith("[")) {
    const list = parse(text, "the file");
    if (!Array.isArray(list)) throw fault("DATASET_SYNTAX", "the file is not a list of examples");
    for (const [index, value] of list.entries()) yield { value, line: undefined, row: index + 1 };
    return;
  }
  let row = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    row += 1;
    yield { value: parse(line, `line ${index + 1}`, index + 1), line: index + 1, row };
  }
}

function idOf(id: unknown, row: number): string | null {
  if (id === undefined || id === null) return String(row);
  return typeof id === "string" || typeof id === "number" ? String(id) : null;
}

function hasInput(input: unknown): boolean {
  return input !== undefined && input !== null && String(input).trim() !== "";
}
