import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type JsonObject, UnshiftError } from "@unshift/contracts";
import { unfinishedName } from "../durable-file.js";
import { describeDifferences, differences } from "../experiment-difference.js";
import { lockName } from "../folder-lock.js";
import { readRecords } from "../record-file.js";
import { isMissing, readFault } from "../storage-fault.js";
import { type ShardRecord, shardRecord } from "./logits-index.js";
import { type LogitsPlan, shardCount, shardPlace } from "./logits-plan.js";

export const logitsManifest = "manifest.json";

/**
 * The shards of `plan` that stand in `folder` whole, from the first on; none where the folder does not exist or is empty. Writes
 * nothing. Throws EXPORT_TARGET where the folder holds something else, or rows of another plan.
 */
export async function finishedShards(folder: string, plan: LogitsPlan): Promise<readonly ShardRecord[]> {
  const names = await namesIn(folder);
  if (!names.includes(logitsManifest)) {
    const other = names.find((name) => name !== lockName && !unfinishedName.test(name));
    if (other === undefined) return [];
    throw new UnshiftError("EXPORT_TARGET", `${folder} is not empty: it holds ${other}.`, {
      hint: "Choose another folder with --out.",
    });
  }
  const found = differences(await factsIn(folder), plan.facts).filter(({ path }) => path !== "unshiftVersion");
  if (found.length > 0) {
    throw new UnshiftError("EXPORT_TARGET", `${folder} holds other rows. ${describeDifferences(found).join("; ")}.`, {
      hint: "Choose another folder with --out, or remove this one.",
    });
  }
  const done: ShardRecord[] = [];
  for await (const record of readRecords(join(folder, "index.jsonl"))) {
    if (done.length === shardCount(plan)) break;
    const place = shardPlace(plan, done.length);
    const { sha256 } = record as Partial<ShardRecord>;
    const whole = typeof sha256 === "string" && (await sizeOf(join(folder, place.name))) === place.bytes;
    if (!whole || !isDeepStrictEqual(record, shardRecord(plan, place, sha256))) break;
    done.push(record as ShardRecord);
  }
  return done;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw new UnshiftError("EXPORT_TARGET", `${folder} cannot be read as a folder.`, {
      hint: "Choose another folder with --out.",
      cause: error,
    });
  }
}

async function factsIn(folder: string): Promise<JsonObject> {
  const path = join(folder, logitsManifest);
  try {
    return JSON.parse(await readFile(path, "utf8")) as JsonObject;
  } catch (error) {
    throw readFault(error, path);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw readFault(error, path);
  }
}
