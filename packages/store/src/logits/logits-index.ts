import { open } from "node:fs/promises";
import { join } from "node:path";
import { csvLine } from "../csv.js";
import { writeFileDurably } from "../durable-file.js";
import { jsonLine } from "../json-line.js";
import { writeFault } from "../storage-fault.js";
import { type LogitsPlan, type ShardPlace, shardPlace } from "./logits-plan.js";

/** A finished shard, as a line of `index.jsonl`. */
export interface ShardRecord {
  readonly shard: string;
  /** Number of its first row among all rows. */
  readonly firstRow: number;
  readonly rows: number;
  readonly sha256: string;
  /** Rows of one sample lie together: from `row` of this shard on. */
  readonly samples: readonly { readonly sample: string; readonly row: number; readonly rows: number }[];
}

const columns = ["shard", "row", "sample_id", "system", "under", "part", "position", "token_id", "token"] as const;

export function shardRecord(plan: LogitsPlan, { name, firstRow, rows }: ShardPlace, sha256: string): ShardRecord {
  const samples: { sample: string; row: number; rows: number }[] = [];
  for (let row = 0; row < rows; row += 1) {
    const { sampleId } = plan.describe(firstRow + row);
    const last = samples.at(-1);
    if (last?.sample === sampleId) last.rows += 1;
    else samples.push({ sample: sampleId, row, rows: 1 });
  }
  return { shard: name, firstRow, rows, sha256, samples };
}

function tableLines(plan: LogitsPlan, { name, firstRow, rows }: ShardPlace): string {
  const lines: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const { sampleId, system, under, part, position, tokenId, token } = plan.describe(firstRow + row);
    lines.push(csvLine([name, row, sampleId, system, under, part, position, tokenId, token]));
  }
  return lines.join("");
}

/** Writes both indexes anew, for these first shards. */
export async function writeIndex(folder: string, plan: LogitsPlan, done: readonly ShardRecord[]): Promise<void> {
  const table = [csvLine(columns), ...done.map((_, index) => tableLines(plan, shardPlace(plan, index)))];
  await writeFileDurably(join(folder, "index.csv"), table.join(""));
  await writeFileDurably(join(folder, "index.jsonl"), done.map(jsonLine).join(""));
}

/** Appends a finished shard: first its rows to the table, then the line that says it is there. */
export async function appendToIndex(
  folder: string,
  plan: LogitsPlan,
  place: ShardPlace,
  sha256: string,
): Promise<void> {
  await appendDurably(join(folder, "index.csv"), tableLines(plan, place));
  await appendDurably(join(folder, "index.jsonl"), jsonLine(shardRecord(plan, place, sha256)));
}

async function appendDurably(path: string, text: string): Promise<void> {
  try {
    const handle = await open(path, "a");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw writeFault(error, path);
  }
}
