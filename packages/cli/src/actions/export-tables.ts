import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { createStore, publishFolder } from "@unshift/store";
import type { ExportArguments } from "../commands/export.js";
import { print, printJson } from "../output/print.js";
import { latexTable } from "../output/tables/latex-table.js";
import { markdownTable } from "../output/tables/markdown-table.js";
import { shownTable } from "../output/tables/shown-table.js";

const kinds = {
  markdown: { extension: ".md", write: markdownTable },
  latex: { extension: ".tex", write: latexTable },
} as const;

/** Writes the tables of a run as people read them, a file each, into the folder `--out`. Throws EXPORT_TARGET, RUN_…. */
export async function exportTables(args: ExportArguments, format: keyof typeof kinds): Promise<void> {
  if (args.what !== "tables") {
    throw new UnshiftError("EXPORT_TARGET", `${format} is a format of tables, not of ${args.what ?? "positions"}`, {
      hint: "Give --what tables.",
    });
  }
  const { extension, write } = kinds[format];
  const out = resolve(args.out);
  const store = await createStore().open(resolve(args.run), { readOnly: true });
  const tables = await store.tables().finally(() => store.close());
  await publishFolder(out, async (folder) => {
    for (const table of tables) {
      await writeFile(join(folder, `${table.name}${extension}`), write(shownTable(table), []));
    }
  });
  if (args.json) printJson({ what: "tables", format, out, count: tables.length });
  else print(`${tables.length} tables written to ${out}`);
}
