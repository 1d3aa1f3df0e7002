import { UnshiftError } from "@unshift/contracts";
import { readRows } from "../read/read-rows.js";
import { fieldList, type Row, rowError } from "../read/row.js";
import { alpacaEvalVerdicts } from "./alpaca-eval-verdicts.js";
import { justEvalVerdicts } from "./just-eval-verdicts.js";
import { mtBenchPairVerdicts } from "./mt-bench-pair-verdicts.js";
import { mtBenchVerdicts } from "./mt-bench-verdicts.js";
import type { ReadVerdict, VerdictReader } from "./released-verdict.js";

/** The formats of verdicts that are read, by name. */
const verdictReaders = {
  "just-eval": justEvalVerdicts,
  "alpaca-eval": alpacaEvalVerdicts,
  "mt-bench": mtBenchVerdicts,
  "mt-bench-pair": mtBenchPairVerdicts,
} as const satisfies Readonly<Record<string, VerdictReader>>;

export type VerdictFormat = keyof typeof verdictReaders;

export const verdictFormats = Object.keys(verdictReaders) as readonly VerdictFormat[];

export interface ReadVerdictOptions {
  /** Default: told by the first row. */
  readonly format?: VerdictFormat | undefined;
  readonly signal: AbortSignal;
}

/** An opened file of verdicts. Rows are read while they are asked for. */
export interface VerdictFile {
  readonly format: VerdictFormat;
  readonly rows: AsyncIterable<ReadVerdict>;
}

/**
 * Verdicts of a released file, row by row.
 *
 * @throws IMPORT_FORMAT, DATASET_NOT_FOUND, DATASET_EMPTY at once; DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID with file and
 *   row while read; ABORTED
 */
export async function readVerdicts(file: string, { format, signal }: ReadVerdictOptions): Promise<VerdictFile> {
  const known = format ?? (await detectFormat(file, signal));
  return { format: known, rows: verdictRows(file, known, signal) };
}

async function* verdictRows(file: string, format: VerdictFormat, signal: AbortSignal): AsyncGenerator<ReadVerdict> {
  const rows = new Map<string, number>();
  for await (const row of readRows(file, signal)) {
    const verdict = verdictReaders[format].read(row);
    const { sampleId, system, against, judge } = verdict;
    const slot = JSON.stringify([sampleId, system, against ?? null, judge]);
    const before = rows.get(slot);
    // Files of MT-bench gather several sittings; a verdict that stands twice would count twice.
    if (before !== undefined) {
      throw rowError(row.place, `sample ${sampleId} of ${system} was judged in row ${before} already`, {
        code: "DATASET_DUPLICATE_ID",
      });
    }
    rows.set(slot, row.place.row);
    yield { place: row.place, verdict };
  }
}

async function detectFormat(file: string, signal: AbortSignal): Promise<VerdictFormat> {
  let first: Row | null = null;
  for await (const row of readRows(file, signal)) {
    first = row;
    break;
  }
  const row = first;
  const found = row === null ? [] : verdictFormats.filter((name) => verdictReaders[name].matches(row));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UnshiftError(
    "IMPORT_FORMAT",
    found.length > 1
      ? `the file fits more than one format of verdicts: ${found.join(", ")}`
      : `no known format of verdicts has the fields of row 1: ${row === null ? "none" : fieldList(row)}`,
    {
      where: { file, ...(row === null ? {} : { line: row.place.line }) },
      hint: `Looked for:${verdictFormats.map((name) => `\n  ${name}: ${verdictReaders[name].marks}`).join("")}`,
    },
  );
}

/** How far a recorded judging run came: ids that are judged, and those it left to do. Each once, in the order of the file. */
export async function verdictProgress(
  rows: AsyncIterable<ReadVerdict>,
): Promise<{ readonly judged: readonly string[]; readonly pending: readonly string[] }> {
  const pendingById = new Map<string, boolean>();
  for await (const { verdict } of rows) {
    const pending = verdict.outcome.status === "pending";
    pendingById.set(verdict.sampleId, pending || pendingById.get(verdict.sampleId) === true);
  }
  const ids = (wanted: boolean) => [...pendingById].flatMap(([id, pending]) => (pending === wanted ? [id] : []));
  return { judged: ids(false), pending: ids(true) };
}
