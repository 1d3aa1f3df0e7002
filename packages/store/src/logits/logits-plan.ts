import type { JsonObject } from "@unshift/contracts";
import { bytesOf, type LogitsDtype, npyHeader } from "./npy-header.js";

/** What one row is about. */
export interface LogitsRow {
  readonly sampleId: string;
  /** System that answered. */
  readonly system: string;
  /** System whose model and prompt the row is of. */
  readonly under: string;
  /** Where the token stands that the row was there to predict. */
  readonly part: "prompt" | "answer";
  /** 0-based within its part. */
  readonly position: number;
  readonly tokenId: number;
  readonly token: string;
}

/** Everything about a folder of rows that is known before the first of them is computed. */
export interface LogitsPlan {
  /** What decides the bytes, for `manifest.json`: another call with other facts does not continue the folder. */
  readonly facts: JsonObject;
  readonly dtype: LogitsDtype;
  /** Values of a row. */
  readonly vocabularySize: number;
  readonly rows: number;
  /** Rows of a shard; the last may have fewer. */
  readonly shardRows: number;
  /** 0 ≤ row < rows */
  describe(row: number): LogitsRow;
}

/** One shard of a plan. */
export interface ShardPlace {
  readonly name: string;
  readonly firstRow: number;
  readonly rows: number;
  /** Size of the finished file. */
  readonly bytes: number;
}

export function shardCount(plan: LogitsPlan): number {
  return Math.ceil(plan.rows / plan.shardRows);
}

export function shardPlace(plan: LogitsPlan, index: number): ShardPlace {
  const firstRow = index * plan.shardRows;
  const rows = Math.min(plan.shardRows, plan.rows - firstRow);
  const header = npyHeader(plan.dtype, rows, plan.vocabularySize).length;
  return {
    name: `logits-${String(index).padStart(5, "0")}.npy`,
    firstRow,
    rows,
    bytes: header + rows * plan.vocabularySize * bytesOf(plan.dtype),
  };
}

/** Bytes of the shards from `index` on. */
export function shardBytes(plan: LogitsPlan, index = 0): number {
  let sum = 0;
  for (let shard = index; shard < shardCount(plan); shard += 1) sum += shardPlace(plan, shard).bytes;
  return sum;
}
