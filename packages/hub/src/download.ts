import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import { cacheFault, codeOf } from "./cache-layout.js";
import type { FileFacts } from "./file-facts.js";
import { aborted, type HubClient } from "./hub-client.js";

/** Bytes of the file that are here, and the hash over them. */
interface Progress {
  bytes: number;
  hash: Hash;
}

/**
 * Downloads to `blob`. A broken transfer stays as `….incomplete` and is continued by Range, in this process (bounded) or in a
 * later one. What arrives is hashed on the way; a file that is not what was announced is removed: HUB_CHECKSUM.
 *
 * The name differs from that of Python's partial files: two writers that know nothing of each other's locks must not share one.
 */
export async function download(
  client: HubClient,
  facts: FileFacts,
  blob: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<void> {
  const partial = `${blob}.unshift.incomplete`;
  const progress = await resumable(partial, facts);
  for (let failures = 0; progress.bytes < facts.sizeBytes; ) {
    const before = progress.bytes;
    try {
      await transfer(client, facts, partial, progress, signal, onBytes);
      if (progress.bytes < facts.sizeBytes)
        throw new Error(`ended after ${progress.bytes} of ${facts.sizeBytes} bytes`);
    } catch (error) {
      if (signal.aborted) throw aborted(error);
      if (isUnshiftError(error)) throw error;
      failures = progress.bytes > before ? 1 : failures + 1;
      if (failures >= client.tries) throw client.unreachable(error);
      await client.pause(failures, signal);
    }
  }
  await finish(partial, blob, facts, progress);
}

async function finish(partial: string, blob: string, facts: FileFacts, progress: Progress): Promise<void> {
  const found = progress.hash.digest("hex");
  if (progress.bytes !== facts.sizeBytes || found !== facts.etag) {
    await rm(partial, { force: true });
    throw new UnshiftError(
      "HUB_CHECKSUM",
      `${facts.url} is not what the hub announced: ${progress.bytes} of ${facts.sizeBytes} bytes, hash ${found} instead of ${facts.etag}`,
      { hint: "The download was removed. Start again, or take another mirror (HF_ENDPOINT)." },
    );
  }
  try {
    // An empty file was never opened.
    if (facts.sizeBytes === 0) await (await open(partial, "a")).close();
    await rename(partial, blob);
  } catch (error) {
    throw cacheFault(error, blob);
  }
}

/** What an earlier process left, hashed again; nothing where it is longer than the file. */
async function resumable(partial: string, facts: FileFacts): Promise<Progress> {
  try {
    await mkdir(dirname(partial), { recursive: true });
    const size = await stat(partial).then(
      (found) => found.size,
      (error: unknown) => {
        if (codeOf(error) === "ENOENT") return 0;
        throw error;
      },
    );
    const hash = hashFor(facts);
    if (size === 0) return { bytes: 0, hash };
    if (size > facts.sizeBytes) {
      await rm(partial);
      return { bytes: 0, hash };
    }
    for await (const chunk of createReadStream(partial) as AsyncIterable<Buffer>) hash.update(chunk);
    return { bytes: size, hash };
  } catch (error) {
    throw cacheFault(error, partial);
  }
}

async function transfer(
  client: HubClient,
  facts: FileFacts,
  partial: string,
  progress: Progress,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<void> {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  const headers: Record<string, string> = progress.bytes > 0 ? { range: `bytes=${progress.bytes}-` } : {};
  const request = { method: "GET", url: facts.url, leaveHost: true, understood: [416] } as const;
  let response = await client.send({ ...request, headers, signal: either });
  const resumed = response.status === 206 && rangeStart(response) === progress.bytes;
  if (progress.bytes > 0 && !resumed) {
    // The host cannot continue there (416), or sends all of it: begin again.
    if (response.status !== 200) {
      await response.body?.cancel();
      response = await client.send({ ...request, signal: either });
    }
    progress.bytes = 0;
    progress.hash = hashFor(facts);
  }
  if (response.status !== 206 && response.status !== 200) {
    await response.body?.cancel();
    throw new UnshiftError("HUB_RESPONSE", `${new URL(facts.url).host} answered ${response.status} to a download`);
  }
  const file = await opened(partial, progress.bytes);
  const quiet = () => silence.abort(new Error(`silent for ${client.timeoutMs / 1000} s`));
  let timer = setTimeout(quiet, client.timeoutMs);
  try {
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      await write(file, chunk, partial);
      progress.hash.update(chunk);
      progress.bytes += chunk.byteLength;
      onBytes(progress.bytes);
      // More than was announced cannot be the file; the hash will say so.
      if (progress.bytes > facts.sizeBytes) break;
      timer = setTimeout(quiet, client.timeoutMs);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

/** Opens the partial file to go on at `bytes`; what stands behind is cut. */
async function opened(partial: string, bytes: number): Promise<FileHandle> {
  try {
    const file = await open(partial, "a");
    await file.truncate(bytes);
    return file;
  } catch (error) {
    throw cacheFault(error, partial);
  }
}

async function write(file: FileHandle, chunk: Uint8Array, partial: string): Promise<void> {
  try {
    await file.writeFile(chunk);
  } catch (error) {
    throw cacheFault(error, partial);
  }
}

/** git's sha1 is over a header and the content. */
function hashFor({ etag, sizeBytes }: FileFacts): Hash {
  return etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${sizeBytes}\0`);
}

function rangeStart(response: Response): number | null {
  const found = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return found === null ? null : Number(found[1]);
}
