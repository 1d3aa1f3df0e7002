import { constants } from "node:fs";
import { access, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import type { Manifest, RunStore, StoreOpener } from "@unshift/contracts/services";
import { unfinishedName } from "./durable-file.js";
import { FolderLock, lockName } from "./folder-lock.js";
import { makeFolder } from "./make-folder.js";
import { manifestName, readManifest, refuseOtherExperiment, writeManifest } from "./manifest-file.js";
import { dropTornLine } from "./record-file.js";
import { RunFolder } from "./run-folder.js";
import { layoutOf } from "./run-layout.js";
import { hasCode, isMissing, writeFault } from "./storage-fault.js";

/** Less than this is not worth starting with. */
const leastFreeBytes = 10 * 1024 * 1024;

/** Opens run folders on the local file system. */
export function createStore(): StoreOpener {
  return { probe: probeFolder, create: createRun, open: openRun };
}

/** Looks at the folder, or at the nearest one above it that exists. */
async function probeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  let nearest = folder;
  while (!(await exists(nearest)) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    if (!(await stat(nearest)).isDirectory()) {
      throw Object.assign(new Error(`${nearest} is a file`), { code: "ENOTDIR" });
    }
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw writeFault(error, folder);
  }
  await refuseFullDisk(nearest);
  if (nearest === folder && (await readManifest(folder)) === null) await refuseForeignFiles(folder);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // Anything but "not there" is a finding about this very path.
    return !isMissing(error) && !hasCode(error, "ENOTDIR");
  }
}

async function createRun(path: string, manifest: Manifest): Promise<RunStore> {
  const folder = resolve(path);
  await makeFolder(folder);
  // Refused before anything is touched: neither a lock nor a probe is left in somebody else's folder.
  const found = await readManifest(folder);
  if (found === null) await refuseForeignFiles(folder);
  else refuseOtherExperiment(folder, found, manifest);
  return lockedRun(folder, manifest);
}

async function openRun(path: string, options: { readonly readOnly?: boolean } = {}): Promise<RunStore> {
  const folder = resolve(path);
  const manifest = await readManifest(folder);
  if (manifest === null) throw await notARun(folder);
  return options.readOnly === true ? new RunFolder(folder, manifest, null) : lockedRun(folder, null);
}

/** Takes the lock, then looks again: another process may have been here. `wanted` null: whatever is there is opened. */
async function lockedRun(folder: string, wanted: Manifest | null): Promise<RunStore> {
  const lock = await FolderLock.take(folder);
  try {
    await refuseFullDisk(folder);
    let manifest = await readManifest(folder);
    if (manifest === null) {
      if (wanted === null) throw await notARun(folder);
      await writeManifest(folder, wanted);
      manifest = wanted;
    } else if (wanted !== null) refuseOtherExperiment(folder, manifest, wanted);
    await prepare(folder);
    return new RunFolder(folder, manifest, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Makes the subfolders and clears what a crash left. */
async function prepare(folder: string): Promise<void> {
  const { positions, vocabularies, tables, report, ...files } = layoutOf(folder);
  for (const subfolder of [positions, vocabularies, tables, report]) await makeFolder(subfolder);
  for (const place of [folder, positions, vocabularies, tables, report]) await removeUnfinished(place);
  for (const file of [files.answers, files.verdicts, files.replies, files.ledger, files.comparisons, files.log]) {
    await dropTornLine(file);
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      // A lock's draft may be that of a process about to find the folder locked.
      if (unfinishedName.test(name) && !name.startsWith(lockName)) await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    throw writeFault(error, folder);
  }
}

async function refuseForeignFiles(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw writeFault(error, folder);
  }
  const foreign = names.filter((name) => name !== lockName && !unfinishedName.test(name));
  if (foreign.length === 0) return;
  const some = foreign.slice(0, 3).join(", ");
  throw new UnshiftError(
    "RUN_NOT_FOUND",
    `${folder} is not a run folder and not empty (it holds ${some}${foreign.length > 3 ? ", …" : ""}); nothing was written.`,
    { where: { file: folder }, hint: "Choose another output folder: a new run starts in an empty one." },
  );
}

async function refuseFullDisk(folder: string): Promise<void> {
  let free: { readonly bavail: number; readonly bsize: number; readonly blocks: number };
  try {
    free = await statfs(folder);
  } catch (error) {
    throw writeFault(error, folder);
  }
  // Some file systems do not count blocks; they are found full when they are.
  if (free.blocks === 0 || free.bavail * free.bsize >= leastFreeBytes) return;
  const megabytes = ((free.bavail * free.bsize) / 1024 / 1024).toFixed(1);
  throw new UnshiftError("RUN_NO_SPACE", `Only ${megabytes} MB are free for ${folder}.`, {
    hint: "Free at least 10 MB, or choose an output folder on another disk.",
  });
}

async function notARun(folder: string): Promise<UnshiftError> {
  const hint = "A run folder is what `unshift run` writes; it holds a manifest.json.";
  let what = `${folder} does not exist`;
  try {
    what = (await stat(folder)).isDirectory()
      ? `${folder} is not a run folder: it has no ${manifestName}`
      : `${folder} is a file, not a run folder`;
  } catch (error) {
    if (!isMissing(error)) what = `${folder} cannot be opened`;
  }
  return new UnshiftError("RUN_NOT_FOUND", `${what}.`, { where: { file: folder }, hint });
}
