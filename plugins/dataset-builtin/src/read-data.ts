import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A file of this package's `data`, which its tests read whole: lines, and the sha256 of its bytes. */
export async function readData(name: string): Promise<{ readonly lines: readonly string[]; readonly sha256: string }> {
  // This file stands in `dist/src` of the package.
  const bytes = await readFile(new URL(`../../data/${name}`, import.meta.url));
  return {
    lines: bytes
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== ""),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}
