import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { publishFile, unfinishedPath, writeFileDurably } from "../durable-file.js";
import { makeFolder } from "../make-folder.js";
import { isMissing, writeFault } from "../storage-fault.js";

/** Throws EXPORT_TARGET where something is at `out` and may not be replaced. */
export async function refuseExisting(out: string, force: boolean): Promise<void> {
  try {
    const found = await stat(out);
    if (force && found.isFile()) return;
    if (force) throw new UnshiftError("EXPORT_TARGET", `${out} is a folder; a folder is never replaced.`);
    throw new UnshiftError("EXPORT_TARGET", `${out} exists.`, {
      hint: found.isFile() ? "Choose another name, or give --force to replace it." : "Choose another name.",
    });
  } catch (error) {
    if (!isMissing(error)) throw writeFault(error, out);
  }
}

/** Lets `write` fill a temporary file, which then gets its name. */
export async function publish(out: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = unfinishedPath(out);
  try {
    await write(unfinished);
    await publishFile(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Writes one file whole or not at all, with the folders above it. Throws EXPORT_TARGET, RUN_NOT_WRITABLE, RUN_NO_SPACE. */
export async function publishText(out: string, content: string, options: { readonly force: boolean }): Promise<void> {
  const path = resolve(out);
  await refuseExisting(path, options.force);
  await makeFolder(dirname(path));
  await writeFileDurably(path, content);
}

/**
 * Lets `fill` write into a folder that gets its name only when it is whole. Throws EXPORT_TARGET where `out` exists and is not an
 * empty folder; RUN_NOT_WRITABLE, RUN_NO_SPACE; and what `fill` throws.
 */
export async function publishFolder<T>(out: string, fill: (unfinished: string) => Promise<T>): Promise<T> {
  const path = resolve(out);
  const empty = await isEmptyFolder(path);
  if (!empty) await refuseExisting(path, false);
  await makeFolder(dirname(path));
  const unfinished = unfinishedPath(path);
  try {
    await mkdir(unfinished);
    const result = await fill(unfinished);
    if (empty) await rmdir(path);
    await rename(unfinished, path);
    return result;
  } catch (error) {
    // What `fill` throws is of its own making; only what the disk says is put into words.
    throw error instanceof Error && "errno" in error ? writeFault(error, path) : error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function isEmptyFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory() && (await readdir(path)).length === 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw writeFault(error, path);
  }
}
