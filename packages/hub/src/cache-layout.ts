import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type HubRepo, UnshiftError } from "@unshift/contracts";

/** A full commit hash: it never moves. */
export const commitPattern = /^[0-9a-f]{40}$/;

/**
 * A repository's folder in the layout of Python's `huggingface_hub`, so that one cache serves both:
 * `models--owner--name/{blobs/ETAG, snapshots/COMMIT/FILE → ../../blobs/ETAG, refs/REVISION}`. Our own listings of
 * repositories stand beside them in `unshift-listings/`.
 */
export class CachedRepo {
  readonly folder: string;

  constructor(
    cacheDir: string,
    readonly repo: HubRepo,
  ) {
    this.folder = join(cacheDir, `${repo.type}s--${repo.name.replace("/", "--")}`);
  }

  blob(etag: string): string {
    return join(this.folder, "blobs", etag);
  }

  snapshot(commit: string, file: string): string {
    return join(this.folder, "snapshots", commit, ...file.split("/"));
  }

  /** Commit that the revision stood for when it was last asked, or null. */
  async commit(): Promise<string | null> {
    const { revision } = this.repo;
    if (commitPattern.test(revision)) return revision;
    const text = await readIfThere(join(this.folder, "refs", ...revision.split("/")));
    return text !== null && commitPattern.test(text.trim()) ? text.trim() : null;
  }

  async rememberCommit(commit: string): Promise<void> {
    const { revision } = this.repo;
    if (revision === commit) return;
    await this.replace(join(this.folder, "refs", ...revision.split("/")), (path) => writeFile(path, commit));
  }

  /** Path of a file that is here whole, or null. */
  async find(commit: string, file: string): Promise<string | null> {
    const path = this.snapshot(commit, file);
    return (await isFile(path)) ? path : null;
  }

  /** Puts a blob into a snapshot. */
  async link(etag: string, commit: string, file: string): Promise<string> {
    const blob = this.blob(etag);
    const path = this.snapshot(commit, file);
    await this.replace(path, async (temporary) => {
      try {
        await symlink(relative(dirname(path), blob).split(sep).join("/"), temporary);
      } catch (error) {
        // Windows without the right to make links.
        if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(codeOf(error))) throw error;
        await copyFile(blob, temporary);
      }
    });
    return path;
  }

  async listing(commit: string): Promise<readonly string[] | null> {
    const text = await readIfThere(this.listingPath(commit));
    return text === null ? null : (JSON.parse(text) as readonly string[]);
  }

  async rememberListing(commit: string, files: readonly string[]): Promise<void> {
    await this.replace(this.listingPath(commit), (path) => writeFile(path, JSON.stringify(files)));
  }

  private listingPath(commit: string): string {
    return join(this.folder, "unshift-listings", `${commit}.json`);
  }

  /** Writes beside `path`, then renames: another process sees the old one or the new one. */
  private async replace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const unique = createHash("sha256")
      .update(`${process.pid} ${performance.now()} ${path}`)
      .digest("hex")
      .slice(0, 12);
    const temporary = join(dirname(path), `.${unique}.tmp`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await write(temporary);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw cacheFault(error, path);
    }
  }
}

/** Whether a file, or a link to one, stands there. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return false;
    throw cacheFault(error, path);
  }
}

/** A fault of the disk, as HUB_CACHE. */
export function cacheFault(error: unknown, path: string): UnshiftError {
  const why = codeOf(error) === "ENOSPC" ? "the disk is full" : error instanceof Error ? error.message : String(error);
  return new UnshiftError("HUB_CACHE", `the cache of the hub cannot be used: ${why}`, {
    where: { file: path },
    hint: "HF_HOME or HF_HUB_CACHE name another folder. A download that was begun continues there from its start.",
    cause: error,
  });
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
    throw cacheFault(error, path);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
