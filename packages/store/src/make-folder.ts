import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, isMissing, writeFault } from "./storage-fault.js";

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await make(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!hasCode(error, "EEXIST") || !(await isFolder(folder))) throw error;
  }
}

/**
 * Makes a folder and those above it. Throws RUN_NOT_WRITABLE, RUN_NO_SPACE. Level by level: Node's own recursive mkdir
 * never returns where a folder that exists answers "no such file" (as /proc does).
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(folder);
  } catch (error) {
    throw writeFault(error, folder);
  }
}
