import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Table, UnshiftError, type VerdictRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { unfinishedPath, writeFileDurably } from "../durable-file.js";
import { jsonLine } from "../json-line.js";
import { makeFolder } from "../make-folder.js";
import { DuckDbSession } from "../positions/duckdb-session.js";
import { PartCatalog } from "../positions/part-catalog.js";
import { byCodeUnit } from "../positions/stored-text.js";
import { layoutOf } from "../run-layout.js";
import { writeFault } from "../storage-fault.js";
import { createStore } from "../store-opener.js";
import { tableCsv, tableJson } from "../table-files.js";
import { type ExportFormat, type ExportSubject, exportFormats } from "./export-formats.js";
import { currentBlocks, writePositionsFile } from "./export-positions.js";
import { answerColumns, comparisonColumns, sampleColumns, verdictColumns } from "./flat-records.js";
import { type FlatColumn, flatCsv, writeFlatParquet } from "./flat-table.js";
import { publish, publishFolder, refuseExisting } from "./publish.js";

export interface ExportRequest {
  readonly what: ExportSubject;
  readonly format: ExportFormat;
  /** File to write (for tables as CSV: the folder). */
  readonly out: string;
  /** Replaces what is at `out`. */
  readonly force?: boolean;
  /** Those that count, where not the last of each identity do. */
  readonly verdicts?: (store: RunStore) => Promise<readonly VerdictRecord[]>;
}

export interface ExportResult {
  /** Absolute path. */
  readonly out: string;
  /** Positions, records or tables written. */
  readonly count: number;
}

/**
 * Writes one part of a run as a file for other tools. The same run gives the same bytes: records are sorted by system,
 * shift or judge, then in dataset order. Throws EXPORT_TARGET where `out` exists or the format is not offered, and what
 * opening and reading the run throw.
 */
export async function exportRun(folder: string, request: ExportRequest): Promise<ExportResult> {
  const { what, format } = request;
  if (!exportFormats[what].includes(format)) {
    throw new UnshiftError("EXPORT_TARGET", `${what} are not offered as ${format}.`, {
      hint: `Offered for ${what}: ${exportFormats[what].join(", ")}.`,
    });
  }
  const out = resolve(request.out);
  await refuseExisting(out, request.force ?? false);
  const store = await createStore().open(folder, { readOnly: true });
  try {
    await makeFolder(dirname(out));
    return { out, count: await writeExport(store, request, out) };
  } catch (error) {
    throw writeFault(error, out);
  } finally {
    await store.close();
  }
}

async function writeExport(store: RunStore, { what, format, verdicts }: ExportRequest, out: string): Promise<number> {
  switch (what) {
    case "positions":
      return writePositions(store, format === "csv" || format === "jsonl" ? format : "parquet", out);
    case "tables":
      return writeTables(await store.tables(), format, out);
    case "samples":
      return writeRecords(await store.samples(), sampleColumns, format, out);
    case "answers": {
      const records = await inDatasetOrder(store, await store.answers(), ({ system }) => [system]);
      return writeRecords(records, answerColumns, format, out);
    }
    case "comparisons": {
      const records = await inDatasetOrder(store, await store.comparisons(), ({ shift }) => [shift]);
      return writeRecords(records, comparisonColumns, format, out);
    }
    case "verdicts": {
      const current = await (verdicts?.(store) ?? store.verdicts());
      // Times a judge was asked stay together, the sort being stable.
      const byRepeat = current.toSorted((a, b) => (a.repeat ?? 1) - (b.repeat ?? 1));
      const records = await inDatasetOrder(store, byRepeat, ({ judge, system, against = "" }) => [
        judge,
        system,
        against,
      ]);
      return writeRecords(records, verdictColumns(records), format, out);
    }
  }
}

/** Sorted by the given texts, then by the sample's place in the dataset; files hold records as they were finished. */
async function inDatasetOrder<R extends { readonly sampleId: string }>(
  store: RunStore,
  records: readonly R[],
  texts: (record: R) => readonly string[],
): Promise<R[]> {
  const places = new Map((await store.samples()).map(({ id }, place) => [id, place]));
  const place = (record: R): number => places.get(record.sampleId) ?? places.size;
  const compareTexts = (a: readonly string[], b: readonly string[]): number =>
    a.reduce((order, text, at) => order || byCodeUnit(text, b[at] ?? ""), 0);
  return [...records].sort(
    (a, b) => compareTexts(texts(a), texts(b)) || place(a) - place(b) || byCodeUnit(a.sampleId, b.sampleId),
  );
}

/** Records as they are stored (json, jsonl), or as columns (csv, parquet). */
async function writeRecords<R extends object>(
  records: readonly R[],
  columns: readonly FlatColumn<R>[],
  format: ExportFormat,
  out: string,
): Promise<number> {
  if (format === "parquet") {
    const session = new DuckDbSession();
    await publish(out, (unfinished) => writeFlatParquet(session, columns, records, unfinished)).finally(() =>
      session.close(),
    );
  } else if (format === "csv") await writeFileDurably(out, flatCsv(columns, records));
  else if (format === "jsonl") await writeFileDurably(out, records.map(jsonLine).join(""));
  else await writeFileDurably(out, `[${records.map((record) => `\n${jsonLine(record).trimEnd()}`).join(",")}\n]\n`);
  return records.length;
}

async function writePositions(store: RunStore, format: "parquet" | "csv" | "jsonl", out: string): Promise<number> {
  // A sort larger than memory spills beside the target: there is the space the user chose, and the run may be read-only.
  const spill = unfinishedPath(join(dirname(out), "sort"));
  const session = new DuckDbSession(spill);
  try {
    const catalog = new PartCatalog(layoutOf(store.folder).positions, session);
    const blocks = currentBlocks((await catalog.load()).values(), await store.comparisons());
    let count = 0;
    await publish(out, async (unfinished) => {
      count = await writePositionsFile(session, catalog, blocks, format, unfinished);
    });
    return count;
  } finally {
    await session.close();
    await rm(spill, { recursive: true, force: true });
  }
}

async function writeTables(tables: readonly Table[], format: ExportFormat, out: string): Promise<number> {
  if (format === "json") {
    await writeFileDurably(out, `[${tables.map((table) => `\n${tableJson(table).trimEnd()}`).join(",")}\n]\n`);
    return tables.length;
  }
  await publishFolder(out, async (unfinished) => {
    for (const table of tables) await writeFileDurably(join(unfinished, `${table.name}.csv`), tableCsv(table));
  });
  return tables.length;
}
