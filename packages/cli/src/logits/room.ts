import { UnshiftError } from "@unshift/contracts";
import { finishedShards, freeBytes, type LogitsPlan, shardBytes, shardCount } from "@unshift/store";
import { bytes } from "../output/format.js";

/** Indexes and vocabulary are told from nothing but their number of lines. */
const lineBytes = 128;

/** What is still to be written against what the disk has. */
export interface Room {
  /** Rows that are there already. */
  readonly present: number;
  /** Bytes still to write; 0 where everything is there. */
  readonly needed: number;
  readonly free: number;
}

/** Throws EXPORT_TARGET where `out` holds something else. */
export async function roomFor(out: string, plan: LogitsPlan): Promise<Room> {
  const done = (await finishedShards(out, plan)).length;
  const lines = plan.rows + plan.vocabularySize;
  return {
    present: Math.min(done * plan.shardRows, plan.rows),
    needed: done === shardCount(plan) ? 0 : shardBytes(plan, done) + lines * lineBytes,
    free: await freeBytes(out),
  };
}

/** Throws LOGITS_TOO_LARGE. */
export function requireRoom(out: string, plan: LogitsPlan, { needed, free }: Room): void {
  if (needed <= free) return;
  throw new UnshiftError(
    "LOGITS_TOO_LARGE",
    `${plan.rows} rows of ${plan.vocabularySize} values need ${bytes(needed)} more; ${bytes(free)} are free at ${out}`,
    { hint: "Take fewer samples (--sample), --dtype f16, or another disk (--out); --force begins all the same." },
  );
}
