import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFault, codeOf } from "./cache-layout.js";
import { aborted } from "./hub-client.js";

/** A lock not touched for so long is left over from a process that died on another machine. */
const staleMs = 60_000;
const touchMs = 10_000;
const pollMs = 200;

/**
 * Runs `work` while no other process of ours downloads the same file; waits for the other one first. The lock is a file that
 * names its process; one whose process is gone is taken over.
 */
export async function withDownloadLock<Result>(
  path: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = `${hostname()} ${process.pid} ${performance.now()}`;
  await acquire(path, own, signal);
  const touching = setInterval(() => {
    const now = new Date();
    // A lock that vanished is noticed by whoever took it; the hash decides in the end.
    utimes(path, now, now).catch(() => undefined);
  }, touchMs);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if ((await contentOf(path)) === own) await rm(path, { force: true });
  }
}

async function acquire(path: string, own: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw aborted(signal.reason);
    try {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(path, "wx");
      await handle.writeFile(own);
      await handle.close();
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw cacheFault(error, path);
    }
    if (await isLeftOver(path)) await takeAway(path);
    else await sleep(pollMs);
  }
}

async function isLeftOver(path: string): Promise<boolean> {
  const text = await contentOf(path);
  const facts = await stat(path).catch(() => null);
  if (text === null || facts === null) return false;
  if (Date.now() - facts.mtimeMs > staleMs) return true;
  const [host, pid] = text.split(" ");
  return host === hostname() && pid !== undefined && !isAlive(Number(pid));
}

/** Of several that see a left-over lock, one renames it. */
async function takeAway(path: string): Promise<void> {
  const grave = `${path}.${process.pid}.old`;
  try {
    await rename(path, grave);
    await rm(grave, { force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw cacheFault(error, path);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function contentOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}
