import { createHash } from "node:crypto";
import { UnshiftError } from "@unshift/contracts";
import { fencedExamples, holdsFencedQuery } from "./fenced-examples.js";
import { type PromptExample, type PromptLines, promptLines } from "./prompt-lines.js";
import { holdsUser, roleExamples } from "./role-examples.js";

/**
 * How a file writes its examples. `unified`: text on lines of its own between fences (prompts from version 3 on). `legacy`: the
 * fences stand directly around the query (earlier prompts). `roles`: under `# User:` and `# Assistant:`, without fences (versions 5
 * and 6). `none`: a system text only (K = 0).
 */
export type PromptFormat = "unified" | "legacy" | "roles" | "none";

/** A URIAL prompt: system text and K examples, and the exact text that stands before every question. */
export interface UrialPrompt {
  /** The file, unchanged: every character counts. */
  readonly text: string;
  readonly format: PromptFormat;
  readonly system: string;
  readonly examples: readonly PromptExample[];
  /** What looks like a slip but is used as it stands (one of the paper's own files has one): `line 88: …`. */
  readonly remarks: readonly string[];
  /** sha256 of the file. */
  readonly sha256: string;
}

const instructionHeading = /^# Instruction[ \t]*$/;
const strayHeading = /^# (Query|Answer|Assistant):[ \t]*$/;

/**
 * Reads a prompt file.
 *
 * @throws PROMPT_FILE with the line: neither an example nor a system text under "# Instruction", an answer before any query, a
 * fence that is not opened or closed, Windows line ends, a byte order mark, bytes that are no UTF-8
 */
export function parsePromptFile(bytes: Uint8Array, file: string): UrialPrompt {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const text = decode(bytes, file);
  const lines = promptLines(text, file);
  const { format, start, examples, remarks } = examplesOf(lines);
  const stray = lines.texts.slice(0, start).findIndex((line) => strayHeading.test(line));
  const heading = lines.texts[stray]?.trim();
  if (heading === "# Query:") lines.fail(stray, 'no fence is opened under this "# Query:"');
  if (heading !== undefined) lines.fail(stray, `"${heading}" stands before the first query`);
  const head = lines.texts.slice(0, start);
  const system = head
    .filter((line, index) => !(index === 0 && instructionHeading.test(line)))
    .join("\n")
    .trim();
  if (format === "none" && (system === "" || !instructionHeading.test(head[0] ?? ""))) {
    lines.fail(0, 'the file holds no query: there is no line "# Query:" (or "# User:")', {
      hint: 'An example is a query and an answer, each under its heading: see the README of @unshift/strategy-urial. A prompt without examples (K = 0) is a text under the heading "# Instruction".',
    });
  }
  return { text, format, system, examples, remarks, sha256 };
}

interface Examples {
  readonly format: PromptFormat;
  /** Index of the line where the first example begins. */
  readonly start: number;
  readonly examples: readonly PromptExample[];
  readonly remarks: readonly string[];
}

function examplesOf(lines: PromptLines): Examples {
  if (holdsFencedQuery(lines)) return fencedExamples(lines);
  if (holdsUser(lines)) return { format: "roles", ...roleExamples(lines), remarks: [] };
  return { format: "none", start: lines.texts.length, examples: [], remarks: [] };
}

/** What is sent to a model is what a person sees in the file, so nothing is converted silently. */
function decode(bytes: Uint8Array, file: string): string {
  const lineOf = (text: string, at: number) => text.slice(0, at).split("\n").length;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const read = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const line = lineOf(read, read.indexOf("\uFFFD"));
    throw new UnshiftError("PROMPT_FILE", "the prompt file is not UTF-8", { where: { file, line }, cause });
  }
  if (text.startsWith("\uFEFF")) {
    throw new UnshiftError("PROMPT_FILE", "the prompt file begins with a byte order mark", {
      where: { file, line: 1 },
      hint: "Save it as UTF-8 without BOM: the mark would be the first token of every prompt.",
    });
  }
  const windows = text.indexOf("\r");
  if (windows >= 0) {
    throw new UnshiftError("PROMPT_FILE", "the prompt file has Windows line ends (CR)", {
      where: { file, line: lineOf(text, windows) },
      hint: "Save it with line ends LF: each CR would be a token that the published prompts do not have.",
    });
  }
  return text;
}
