import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as after } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";
import { isMissing } from "./is-missing.js";

/** A holder says this often that it lives, and is taken for gone when it has been silent for so long. */
const beatMs = 5_000;
const silentMs = 60_000;
const lookMs = 200;

/**
 * Runs `work` while no other process does under the same path. A holder that was killed is noticed at once on its own machine, and
 * after a minute from another. The lock spares double work; that two of them would not harm each other is the files' own doing,
 * which appear under their names whole.
 *
 * @throws ABORTED while waiting
 */
export async function withLock<Result>(
  path: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: () => void },
  work: () => Promise<Result>,
): Promise<Result> {
  const token = JSON.stringify({ host: hostname(), pid: process.pid, token: randomUUID() });
  let told = false;
  while (!(await take(path, token))) {
    if (!told) onWait();
    told = true;
    try {
      await after(lookMs, undefined, { signal });
    } catch (cause) {
      throw new UnshiftError("ABORTED", "interrupted while another process made the retrieval index", { cause });
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that somebody removed by hand cannot be kept alive; the work goes on all the same.
    utimes(path, now, now).catch(() => undefined);
  }, beatMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if ((await content(path)) === token) await rm(path, { force: true });
  }
}

/** True where the lock is now ours. */
async function take(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: "wx" });
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
  const held = await content(path);
  if (held === null || !(await isGone(path, held))) return false;
  // Of several who see a dead holder, one moves its lock away; who moved a live one by mistake puts it back.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw cause;
  }
  if ((await content(aside)) === held) await rm(aside, { force: true });
  else await rename(aside, path);
  return false;
}

async function isGone(path: string, held: string): Promise<boolean> {
  const beaten = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  if (beaten === null) return false;
  if (Date.now() - beaten > silentMs) return true;
  const { host, pid } = holder(held);
  return host === hostname() && pid !== null && !isAlive(pid);
}

/** A lock that was not written to its end names nobody; its silence will tell. */
function holder(held: string): { readonly host: string | null; readonly pid: number | null } {
  try {
    const { host, pid } = JSON.parse(held) as { readonly host: string; readonly pid: number };
    return { host, pid };
  } catch {
    return { host: null, pid: null };
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return !(cause instanceof Error && "code" in cause && cause.code === "ESRCH");
  }
}

async function content(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}
