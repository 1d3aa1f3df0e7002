import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";
import { hasCode, isMissing, writeFault } from "./storage-fault.js";

/** Name of the lock file in a run folder. */
export const lockName = ".lock";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same pid; null where the system does not say. */
  readonly started: string | null;
  /** Tells two locks of one process apart. */
  readonly nonce: string;
}

/** When a live process started, in the kernel's own ticks since boot; null where the system does not say. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name (field 2) may hold anything, so fields are counted behind its closing parenthesis.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
  const started = startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { pid, host, started, nonce } = value as Partial<Record<keyof Holder, unknown>>;
    if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0 || typeof host !== "string") return null;
    return {
      pid,
      host,
      started: typeof started === "string" ? started : null,
      nonce: typeof nonce === "string" ? nonce : "",
    };
  } catch {
    return null;
  }
}

async function readLock(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function locked(folder: string, path: string, text: string): UnshiftError {
  const holder = parseHolder(text);
  const who = holder === null ? "Another process" : `Process ${holder.pid} on ${holder.host}`;
  return new UnshiftError("RUN_LOCKED", `${who} works in ${folder}.`, {
    where: { file: path },
    hint: `Wait for it, or end it: a run, or an \`unshift annotate\` whose page is served. If it is certain that no process works there, delete ${path}.`,
  });
}

/** Puts complete content at `path` unless something is there: false. */
async function placeNew(content: string, path: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const handle = await open(draft, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    // File systems without hard links: creation is exclusive there too, only the content comes a moment later.
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    try {
      await (await open(path, "wx")).close();
    } catch (taken) {
      if (hasCode(taken, "EEXIST")) return false;
      throw taken;
    }
    await rename(draft, path);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Clearing takes milliseconds; a guard this old was left by a crash in between. */
const guardMs = 10_000;

/**
 * Removes a dead process's lock. Only the holder of the guard removes, and only what it has just read again: without the
 * guard, one process could remove the lock that another has meanwhile put in the dead one's place.
 */
async function clearStale(path: string, stale: string): Promise<void> {
  const guard = `${path}.takeover.tmp`;
  try {
    await (await open(guard, "wx")).close();
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    if (await isOld(guard)) await rm(guard, { force: true });
    await setTimeout(10);
    return;
  }
  try {
    if ((await readLock(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > guardMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** One writer per run folder. */
export class FolderLock {
  private readonly path: string;
  private readonly content: string;

  private constructor(path: string, content: string) {
    this.path = path;
    this.content = content;
  }

  /**
   * Takes the lock of `folder`; the lock of a process that has died on this host is taken over. Throws RUN_LOCKED,
   * RUN_NOT_WRITABLE, RUN_NO_SPACE.
   */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, lockName);
    const holder: Holder = {
      pid: process.pid,
      host: hostname(),
      started: startOf(process.pid),
      nonce: randomBytes(8).toString("hex"),
    };
    const content = `${JSON.stringify(holder)}\n`;
    try {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        if (await placeNew(content, path)) return new FolderLock(path, content);
        const found = await readLock(path);
        if (found === null) continue;
        const other = parseHolder(found);
        if (other === null || other.host !== hostname() || isAlive(other)) throw locked(folder, path, found);
        await clearStale(path, found);
      }
      throw locked(folder, path, (await readLock(path)) ?? "");
    } catch (error) {
      throw writeFault(error, path);
    }
  }

  /** Gives the lock up; one that somebody else holds by now is left alone. */
  async release(): Promise<void> {
    try {
      if ((await readLock(this.path)) === this.content) await rm(this.path, { force: true });
    } catch (error) {
      throw writeFault(error, this.path);
    }
  }
}
