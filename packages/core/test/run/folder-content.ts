import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createStore } from "@unshift/store";
import type { RunOutcome } from "../../src/run/run-experiment.js";

/** What must not depend on order, interruption or resumption: every stored column, and the bytes of every table. */
export async function contentOf(outcome: Pick<RunOutcome, "folder">): Promise<Record<string, unknown>> {
  const store = await createStore().open(outcome.folder, { readOnly: true });
  try {
    const keys = await store.positionKeys();
    const shifts = [...new Set((await store.comparisons()).map(({ shift }) => shift))].sort();
    const positions = [];
    for (const shift of shifts) {
      const columns = await store.shiftColumns(shift, keys);
      positions.push([shift, { ...columns, tokenText: [...columns.tokenText].sort(([a], [b]) => a - b) }]);
    }
    const tables = join(outcome.folder, "tables");
    const files = (await readdir(tables)).sort();
    const bytes = await Promise.all(files.map(async (file) => [file, await readFile(join(tables, file), "utf8")]));
    return { positions, tables: bytes };
  } finally {
    await store.close();
  }
}
