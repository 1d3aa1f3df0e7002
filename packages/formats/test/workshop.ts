import { setMaxListeners } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type ErrorCode, isUnshiftError, type UnshiftError } from "@unshift/contracts";
import type { ExecutionContext } from "ava";
import { type ReadOptions, type ReleasedRow, ReleasedSet, readAnswers } from "../src/index.js";

export const signal: AbortSignal = new AbortController().signal;
// Tests read many files at the same time.
setMaxListeners(0, signal);

/** Files of a test in a folder of its own; name → path. */
export async function files<Name extends string>(
  t: ExecutionContext,
  contents: Readonly<Record<Name, string | Uint8Array>>,
): Promise<Record<Name, string>> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-formats-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const paths: [string, string][] = [];
  for (const [name, content] of Object.entries<string | Uint8Array>(contents)) {
    await writeFile(join(folder, name), content);
    paths.push([name, join(folder, name)]);
  }
  return Object.fromEntries(paths) as Record<Name, string>;
}

export async function rowsOf(file: string, options: Partial<ReadOptions> = {}) {
  const { format, rows } = await readAnswers(file, { signal, ...options });
  const read: ReleasedRow[] = [];
  for await (const row of rows) read.push(row);
  return { format, rows: read };
}

/** Several files put together, as `import` does. */
export async function setOf(paths: readonly string[], options: Partial<ReadOptions> = {}) {
  const set = new ReleasedSet(options.questions);
  const answers = [];
  const formats = [];
  for (const path of paths) {
    const { format, rows } = await rowsOf(path, options);
    formats.push(format);
    for (const row of rows) answers.push(...set.add(row));
  }
  return { set, answers, formats };
}

/** The error of a promise: its code, file name and line as `CODE file:line`. */
export async function faultOf(t: ExecutionContext, promise: Promise<unknown>): Promise<UnshiftError & { at: string }> {
  const error = await t.throwsAsync(promise);
  if (!isUnshiftError(error)) {
    t.fail(`not a coded error: ${String(error?.stack)}`);
    throw error;
  }
  const { code, where } = error;
  const at = where === undefined ? code : `${code} ${basename(where.file)}:${where.line ?? "-"}`;
  return Object.assign(error, { at: at satisfies string as `${ErrorCode}${string}` });
}

export const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
