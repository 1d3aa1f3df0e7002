import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { UnshiftError } from "@unshift/contracts";
import { isMissing, readFault, writeFault } from "./storage-fault.js";

const newline = 0x0a;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The object a line holds, or null where the line is damaged. */
function parseRecord(line: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(line));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function corrupt(path: string, line: number, what: string): UnshiftError {
  return new UnshiftError("RUN_CORRUPT", `${path}:${line} ${what}.`, {
    where: { file: path, line },
    hint: "Restore the file, or delete the line: the items it held are computed again.",
  });
}

/**
 * The records of a JSON-lines file, in file order; none where the file does not exist. A torn last line (no newline, or not
 * JSON) is what an interrupted append leaves and is passed over; a damaged line before the last throws RUN_CORRUPT.
 * Splits at byte 0x0A only: U+2028 and its kin are text.
 */
export async function* readRecords(path: string): AsyncGenerator<object> {
  let pieces: Buffer[] = [];
  let line = 0;
  let damaged: number | null = null;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
        pieces.push(rest.subarray(0, end));
        const record = parseRecord(pieces.length === 1 ? rest.subarray(0, end) : Buffer.concat(pieces));
        rest = rest.subarray(end + 1);
        pieces = [];
        line += 1;
        if (damaged !== null) throw corrupt(path, damaged, "is not a JSON object");
        if (record === null) damaged = line;
        else yield record;
      }
      if (rest.length > 0) pieces.push(rest);
    }
    if (damaged !== null && pieces.length > 0) throw corrupt(path, damaged, "is not a JSON object");
  } catch (error) {
    if (!isMissing(error)) throw readFault(error, path);
  }
}

/** The last record of each identity, in the order in which those records stand in the file. */
export async function lastRecords<R extends object>(
  path: string,
  identify: (record: object) => { readonly id: string; readonly record: R } | null,
): Promise<R[]> {
  const last = new Map<string, R>();
  let line = 0;
  for await (const value of readRecords(path)) {
    line += 1;
    const known = identify(value);
    if (known === null) throw corrupt(path, line, "is no record of its kind: a field is missing");
    last.delete(known.id);
    last.set(known.id, known.record);
  }
  return [...last.values()];
}

async function read(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Offset behind the last newline before `end`; 0 where there is none. */
async function lineStart(handle: FileHandle, end: number): Promise<number> {
  const step = 1 << 16;
  for (let stop = end; stop > 0; stop -= step) {
    const start = Math.max(0, stop - step);
    const found = (await read(handle, start, stop)).lastIndexOf(newline);
    if (found >= 0) return start + found + 1;
  }
  return 0;
}

/** Cuts off what an interrupted append left at the end of a JSON-lines file; returns the bytes dropped. */
export async function dropTornLine(path: string): Promise<number> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r+");
  } catch (error) {
    if (isMissing(error)) return 0;
    throw writeFault(error, path);
  }
  try {
    const { size } = await handle.stat();
    let keep = await lineStart(handle, size);
    if (keep === size && keep > 0) {
      const start = await lineStart(handle, keep - 1);
      if (parseRecord(await read(handle, start, keep - 1)) === null) keep = start;
    }
    if (keep < size) {
      await handle.truncate(keep);
      await handle.sync();
    }
    return size - keep;
  } catch (error) {
    throw writeFault(error, path);
  } finally {
    await handle.close();
  }
}
