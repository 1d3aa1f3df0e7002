import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { WaitingRows } from "@unshift/contracts/services";
import type { ResidencySpec } from "../config/experiment.js";

const defaultDiskBytes = 16e9;

/** Where logits wait in a run folder, and how much of the disk they may take: never more than half of what is free. */
export async function waitingRows(runFolder: string, { diskBytes, rows }: ResidencySpec): Promise<WaitingRows> {
  const { bavail, bsize } = await statfs(runFolder);
  return {
    folder: join(runFolder, "waiting-logits"),
    maxBytes: Math.min(diskBytes ?? defaultDiskBytes, Math.floor((bavail * bsize) / 2)),
    precision: rows,
  };
}
