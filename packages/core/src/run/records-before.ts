import { access } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerRecord, ComparisonRecord } from "@unshift/contracts";
import type { ReplyRecord } from "@unshift/contracts/services";
import type { RunServices } from "./run-services.js";

/** What a run folder holds already. */
export interface RecordsBefore {
  /** By `system\0sampleId`. */
  readonly answers: ReadonlyMap<string, AnswerRecord>;
  /** By `shift\0sampleId`. */
  readonly comparisons: ReadonlyMap<string, ComparisonRecord>;
  /** Keys of blocks on disk. */
  readonly scored: ReadonlySet<string>;
  readonly replies: readonly ReplyRecord[];
}

export const noRecords: RecordsBefore = { answers: new Map(), comparisons: new Map(), scored: new Set(), replies: [] };

/** Reads a run folder without changing it; nothing where there is none yet. */
export async function recordsBefore(folder: string, services: Pick<RunServices, "store">): Promise<RecordsBefore> {
  try {
    await access(join(folder, "manifest.json"));
  } catch {
    return noRecords;
  }
  const store = await services.store.open(folder, { readOnly: true });
  try {
    return {
      answers: new Map((await store.answers()).map((record) => [`${record.system}\0${record.sampleId}`, record])),
      comparisons: new Map(
        (await store.comparisons()).map((record) => [`${record.shift}\0${record.sampleId}`, record]),
      ),
      scored: await store.positionKeys(),
      replies: await store.replies(),
    };
  } finally {
    await store.close();
  }
}
