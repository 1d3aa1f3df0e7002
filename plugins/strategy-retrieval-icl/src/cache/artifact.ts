import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isUnshiftError, type JsonObject, UnshiftError } from "@unshift/contracts";
import { isMissing } from "./is-missing.js";
import { withLock } from "./lock.js";

/** Version of everything in the cache; another one is another file. */
const cacheVersion = 1;

/** `manifest.json` of a folder of the cache: what it is made from, and what lies in it. */
interface Manifest {
  readonly format: "unshift-retrieval";
  readonly version: number;
  /** What it is valid for. */
  readonly of: JsonObject;
  /** What is known of its content: counts, dimensions. */
  readonly holds: JsonObject;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** A folder of the cache that is made once and then only read. */
export interface ArtifactRequest {
  readonly folder: string;
  /** What it is called to people: `the embeddings`. */
  readonly name: string;
  readonly of: JsonObject;
  /** Writes the files into a folder that nobody else sees, and says what they hold. */
  make(into: string): Promise<JsonObject>;
  /** Told to people: something was damaged, another process is waited for. */
  note(message: string): void;
  readonly signal: AbortSignal;
}

/**
 * The folder, made where it is not there or damaged. It appears whole or not at all: it is written under another name, put on disk
 * and renamed. One process makes it, others wait.
 *
 * @throws ABORTED, RUN_NO_SPACE, and what `make` throws
 */
export async function artifact(request: ArtifactRequest): Promise<Manifest> {
  const there = await openArtifact(request);
  if (there !== null) return there;
  await mkdir(dirname(request.folder), { recursive: true });
  return withLock(
    `${request.folder}.lock`,
    {
      signal: request.signal,
      onWait: () => request.note(`${request.name}: another process makes them; waiting for it`),
    },
    async () => (await openArtifact(request, true)) ?? (await publish(request)),
  );
}

/** The manifest of a whole folder; null where there is none. What is damaged is told, and removed by who holds the lock. */
async function openArtifact({ folder, name, of, note }: ArtifactRequest, remove = false): Promise<Manifest | null> {
  const fault = await faultOf(folder, of);
  if (fault === null) return readManifest(folder);
  if (fault === "absent") return null;
  if (remove) {
    note(`${name} in ${folder} cannot be used (${fault}); made again`);
    await rm(folder, { recursive: true, force: true });
  }
  return null;
}

async function faultOf(folder: string, of: JsonObject): Promise<string | null> {
  let manifest: Manifest;
  try {
    manifest = await readManifest(folder);
  } catch (cause) {
    if (isMissing(cause)) return (await exists(folder)) ? "manifest.json is missing" : "absent";
    return `manifest.json cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
  if (manifest?.format !== "unshift-retrieval" || manifest.version !== cacheVersion || manifest.files === undefined)
    return "it has another format";
  if (!isDeepStrictEqual(manifest.of, of)) return "it was made by another model or from another corpus";
  for (const [file, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const size = await stat(join(folder, file)).then(
      (found) => found.size,
      () => null,
    );
    if (size === null) return `${file} is missing`;
    if (size !== bytes) return `${file} has ${size} bytes, not ${bytes}`;
    if ((await sha256Of(join(folder, file))) !== sha256) return `${file} is damaged`;
  }
  return null;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Manifest;
}

async function publish(request: ArtifactRequest): Promise<Manifest> {
  const { folder, of } = request;
  // What a killed process left; nobody else writes while the lock is held.
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.`) && name.endsWith(".tmp"))
      await rm(join(dirname(folder), name), { recursive: true, force: true });
  const into = `${folder}.${randomUUID()}.tmp`;
  try {
    await mkdir(into);
    const holds = await request.make(into);
    const files: Record<string, { bytes: number; sha256: string }> = {};
    for (const file of (await readdir(into)).sort()) {
      const path = join(into, file);
      files[file] = { bytes: (await stat(path)).size, sha256: await sha256Of(path) };
      await toDisk(path);
    }
    const manifest: Manifest = { format: "unshift-retrieval", version: cacheVersion, of, holds, files };
    await writeFile(join(into, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await toDisk(join(into, "manifest.json"));
    await rename(into, folder).catch(async (cause: unknown) => {
      // Whoever took this process for dead and made the same is welcome.
      if ((await faultOf(folder, of)) !== null) throw cause;
      await rm(into, { recursive: true, force: true });
    });
    return await readManifest(folder);
  } catch (cause) {
    await rm(into, { recursive: true, force: true });
    throw writeError(cause, folder);
  }
}

/** A full disk and a folder that may not be written, as people are told of them. */
export function writeError(cause: unknown, folder: string): unknown {
  if (isUnshiftError(cause) || !(cause instanceof Error) || !("code" in cause)) return cause;
  if (cause.code === "ENOSPC")
    return new UnshiftError("RUN_NO_SPACE", `the disk is full: the retrieval index in ${folder} could not be written`, {
      cause,
    });
  if (cause.code === "EACCES" || cause.code === "EROFS" || cause.code === "EPERM")
    return new UnshiftError("RUN_NOT_WRITABLE", `the retrieval index cannot be written: ${folder} (${cause.code})`, {
      cause,
    });
  return cause;
}

async function toDisk(path: string): Promise<void> {
  await using handle = await open(path, "r+");
  await handle.sync();
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
