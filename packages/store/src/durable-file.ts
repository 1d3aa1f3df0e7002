import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode, writeFault } from "./storage-fault.js";

/** Names of unfinished files; what matches is a crash's leftover and may be removed by whoever holds the folder's lock. */
export const unfinishedName = /^\..*\.tmp$/;

/** A fresh name beside `path` for a file that is not finished yet. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
}

/** Makes names in a folder durable. Not every system can sync a folder; those that cannot need not. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error, "EISDIR", "EPERM", "EINVAL", "EACCES")) throw error;
  }
}

/** Syncs the finished file `from` and gives it its name; a reader sees either nothing (or the old file) or all of it. */
export async function publishFile(from: string, path: string): Promise<void> {
  const handle = await open(from, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(from, path);
  await syncFolder(dirname(path));
}

/** Writes or replaces a file atomically and durably. Throws RUN_NO_SPACE, RUN_NOT_WRITABLE. */
export async function writeFileDurably(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = unfinishedPath(path);
  try {
    const handle = await open(unfinished, "wx");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    await publishFile(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw writeFault(error, path);
  }
}
