import { dirname, isAbsolute, relative } from "node:path";
import { type ErrorCode, UnshiftError, type Where } from "@unshift/contracts";
import type { ConfigPath } from "./experiment.js";

/** One thing that is wrong with what a person wrote, before it becomes an error. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: Where;
  readonly hint?: string | undefined;
}

/** A fault of shape, which may be told by another one already. */
export interface ShapeProblem extends Problem {
  readonly missing?: ConfigPath;
  /** The key that an unknown one was most likely meant to be. */
  readonly meant?: ConfigPath;
}

/**
 * Throws one error for all problems: the first, in reading order, gives code and place; the others follow in its message, a line
 * each. Returns where there is none.
 */
export function throwProblems(problems: readonly Problem[]): void {
  const sorted = inReadingOrder(problems);
  const first = sorted[0];
  if (first === undefined) return;
  const others = sorted.slice(1);
  const folder = dirname(first.where.file);
  const rest = others.map((problem) => `\n  ${place(problem.where, folder)}: ${problem.message}`).join("");
  const more =
    others.length === 0 ? "" : `\n${others.length} more ${others.length === 1 ? "problem" : "problems"}:${rest}`;
  throw new UnshiftError(first.code, first.message + more, { where: first.where, hint: first.hint });
}

function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.where.file))];
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.where.file) - files.indexOf(b.where.file) ||
      (a.where.line ?? 0) - (b.where.line ?? 0) ||
      (a.where.column ?? 0) - (b.where.column ?? 0),
  );
}

/** A place as another one's message names it: the file only where it is another. */
export function placeText(where: Where, from: Where): string {
  return where.file === from.file && where.line !== undefined
    ? `line ${where.line}, column ${where.column ?? 1}`
    : place(where, dirname(from.file));
}

/** `experiment.yaml:12:5`, the file as seen from `folder`. */
function place(where: Where, folder: string): string {
  const file = isAbsolute(where.file) ? relative(folder, where.file) || where.file : where.file;
  return [file, where.line, where.column].filter((part) => part !== undefined).join(":");
}
