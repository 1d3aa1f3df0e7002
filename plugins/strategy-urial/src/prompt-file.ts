import { createHash } from "node:crypto";
import { UnshiftError } from "@unshift/contracts";

/**
 * How a file writes queries. `unified`: the query on lines of its own between fences (prompts from version 3 on). `legacy`: the
 * fences stand directly around the query (earlier prompts).
 */
export type Fences = "unified" | "legacy";

export interface PromptExample {
  readonly query: string;
  /** Null where the file goes on to the next query. */
  readonly answer: string | null;
}

/** A URIAL prompt: system text and K examples, and the exact text that stands before every question. */
export interface UrialPrompt {
  /** The file's text without BOM, lines ended by `\n`; otherwise unchanged, because every character counts. */
  readonly text: string;
  readonly fences: Fences;
  readonly system: string;
  readonly examples: readonly PromptExample[];
  /** What looks like a slip but is used as it stands (one of the paper's own files has one): `line 88: …`. */
  readonly remarks: readonly string[];
  /** sha256 of the file as it is on disk. */
  readonly sha256: string;
}

const queryHeading = /^# Query:[ \t]*$/;
const answerHeading = /^# Answer:[ \t]*$/;
const fence = /^```[ \t]*$/;

/**
 * Reads a prompt file.
 *
 * @throws PROMPT_FILE with the line: no example, an answer before any query, a fence that is not closed, bytes that are no UTF-8
 */
export function parsePromptFile(bytes: Uint8Array, file: string): UrialPrompt {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const text = decode(bytes, file).replace(/\r\n?/g, "\n");
  const lines = text.split("\n");
  const fail = (line: number, message: string): never => {
    throw new UnshiftError("PROMPT_FILE", message, { where: { file, line: line + 1 } });
  };

  // [line] of each "# Query:"; a block reaches from one to the next. Headings inside fences belong to the text there.
  const starts = headingLines(lines);
  const stray = lines.slice(0, starts[0] ?? lines.length).findIndex((line) => answerHeading.test(line));
  if (stray >= 0) fail(stray, '"# Answer:" stands before the first "# Query:"');
  if (starts.length === 0) {
    throw new UnshiftError("PROMPT_FILE", 'the prompt file holds no example: there is no line "# Query:"', {
      where: { file, line: 1 },
      hint: "An example is a query and an answer, each under its heading and between fences: see the README of @unshift/strategy-urial.",
    });
  }

  const kinds: Fences[] = [];
  const remarks: string[] = [];
  const examples = starts.map((start, index): PromptExample => {
    const end = starts[index + 1] ?? lines.length;
    const answerAt = lines.findIndex((line, at) => at > start && at < end && answerHeading.test(line));
    const query = between(lines, start + 1, answerAt < 0 ? end : answerAt);
    if (query === null)
      return fail(start, 'the fence of this "# Query:" is not opened and closed before its "# Answer:"');
    kinds.push(query.fences);
    if (answerAt < 0) {
      remarks.push(`line ${start + 1}: this query has no answer`);
      return { query: query.text, answer: null };
    }
    const answer = between(lines, answerAt + 1, end);
    if (answer === null || answer.fences === "legacy")
      return fail(answerAt, 'the fence of this "# Answer:" is not opened and closed on lines of its own');
    return { query: query.text, answer: answer.text };
  });
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other >= 0) fail(starts[other] ?? 0, "this query is fenced in another way than the first one");

  const system = lines
    .slice(0, starts[0])
    .filter((line, index) => !(index === 0 && line === "# Instruction"))
    .join("\n")
    .trim();
  return { text, fences: kinds[0] ?? "unified", system, examples, remarks, sha256 };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    // Without `ignoreBOM` a leading byte order mark is left out.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnshiftError("PROMPT_FILE", "the prompt file is not UTF-8", { where: { file }, cause });
  }
}

/** Lines of "# Query:" that begin an example: the next line opens a fence. */
function headingLines(lines: readonly string[]): number[] {
  return Array.from(lines.keys()).filter((at) => {
    const [line, next] = [lines[at], lines[at + 1]];
    return (
      line !== undefined &&
      queryHeading.test(line) &&
      (next === undefined || next.startsWith("```") || next.trim() === "")
    );
  });
}

/**
 * The fenced text of lines [from, to): from the first line, which opens a fence, to the last that is not blank, which closes
 * it; fences between them are text. Null where it is not opened or not closed.
 */
function between(
  lines: readonly string[],
  from: number,
  to: number,
): { readonly text: string; readonly fences: Fences } | null {
  let last = to - 1;
  while (last > from && (lines[last] ?? "").trim() === "") last -= 1;
  const first = lines[from];
  const closing = lines[last];
  if (first === undefined || closing === undefined || last < from) return null;
  if (fence.test(first)) {
    return last > from && fence.test(closing)
      ? { text: lines.slice(from + 1, last).join("\n"), fences: "unified" }
      : null;
  }
  const whole = lines
    .slice(from, last + 1)
    .join("\n")
    .trimEnd();
  return whole.startsWith("```") && whole.endsWith("```") && whole.length >= 6
    ? { text: whole.slice(3, -3), fences: "legacy" }
    : null;
}
