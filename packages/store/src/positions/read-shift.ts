import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { UnshiftError } from "@unshift/contracts";
import type { ShiftColumns } from "@unshift/contracts/services";
import { readFault } from "../storage-fault.js";
import type { DuckDbSession } from "./duckdb-session.js";
import type { PartCatalog } from "./part-catalog.js";
import { type PlacedBlock, placed, wantedRows } from "./wanted-rows.js";
import { columnName, referenceColumnNames } from "./without-reference.js";

type Numbers = Int32Array | Float64Array;

function targetRows(chunk: DuckDBDataChunk): Int32Array {
  const vector = chunk.getColumnVector(0);
  const rows = new Int32Array(chunk.rowCount);
  for (let at = 0; at < rows.length; at += 1) rows[at] = Number(vector.getItem(at));
  return rows;
}

/** Copies a chunk's column into `into` at `rows[i]`. */
function scatter(chunk: DuckDBDataChunk, column: number, rows: Int32Array, into: Numbers): void {
  const vector = chunk.getColumnVector(column);
  for (let at = 0; at < rows.length; at += 1) into[rows[at] ?? 0] = Number(vector.getItem(at));
}

async function readNumbers(
  connection: DuckDBConnection,
  from: string,
  columns: ReadonlyMap<string, Numbers>,
): Promise<void> {
  const names = [...columns.keys()].map((name) => (name.endsWith("dropped_mass") ? `coalesce(${name}, 0)` : name));
  const result = await connection.stream(`SELECT place::INTEGER, ${names.join(", ")} FROM ${from}`);
  const targets = [...columns.values()];
  for await (const chunk of result) {
    const rows = targetRows(chunk);
    for (const [at, target] of targets.entries()) scatter(chunk, at + 1, rows, target);
  }
}

async function readTokenTexts(connection: DuckDBConnection, from: string): Promise<Map<number, string>> {
  const result = await connection.runAndReadAll(
    `SELECT token_id, min(token) FROM ${from} GROUP BY token_id ORDER BY token_id`,
  );
  return new Map(result.getRows().map(([id, text]) => [Number(id), String(text)]));
}

/**
 * What the rows hold beside the subject's figures: whether vocabularies differ, and whether there is a reference. Both hold for a
 * whole shift or not at all.
 */
interface Present {
  readonly referenceMass: boolean;
  readonly subjectMass: boolean;
  readonly reference: boolean;
}

async function whatIsPresent(connection: DuckDBConnection, from: string, folder: string): Promise<Present> {
  const sql = `SELECT count(reference_dropped_mass) > 0, count(subject_dropped_mass) > 0, count(reference_rank) = count(*),
    count(reference_rank) > 0 FROM ${from}`;
  const [row] = (await connection.runAndReadAll(sql)).getRows();
  const [referenceMass, subjectMass, inAll, inSome] = (row ?? []).map((value) => value === true);
  if (inSome !== inAll) {
    throw new UnshiftError("RUN_CORRUPT", `${folder} holds positions with and without a reference for one shift.`, {
      where: { file: folder },
    });
  }
  return { referenceMass: referenceMass === true, subjectMass: subjectMass === true, reference: inAll === true };
}

/** [rows] index of each row's sample, and the samples' ids. */
function sampleColumn(blocks: readonly PlacedBlock[], rows: number): { sample: Int32Array; sampleIds: string[] } {
  const sample = new Int32Array(rows);
  const sampleIds: string[] = [];
  for (const { block, start } of blocks) {
    if (sampleIds.at(-1) !== block.sampleId) sampleIds.push(block.sampleId);
    sample.fill(sampleIds.length - 1, start, start + block.rows);
  }
  return { sample, sampleIds };
}

/**
 * The rows of `keys` in `shift`, sorted by sample id (code units), then position. Each row is read once, straight to its
 * place: nothing is sorted, and no row becomes an object.
 */
export async function readShift(
  session: DuckDbSession,
  catalog: PartCatalog,
  shift: string,
  keys: ReadonlySet<string>,
): Promise<ShiftColumns> {
  const stored = [...(await catalog.load()).values()];
  const blocks = placed(stored.filter((block) => block.shift === shift && keys.has(block.key)));
  const rows = blocks.reduce((sum, { block }) => sum + block.rows, 0);
  const integers = (): Int32Array => new Int32Array(rows);
  const doubles = (): Float64Array => new Float64Array(rows);
  const columns = {
    position: integers(),
    length: integers(),
    tokenId: integers(),
    referenceLogprob: doubles(),
    subjectLogprob: doubles(),
    referenceRank: integers(),
    subjectRank: integers(),
    klReferenceSubject: doubles(),
    klSubjectReference: doubles(),
    js: doubles(),
    tv: doubles(),
    referenceEntropy: doubles(),
    subjectEntropy: doubles(),
  };
  const numbers = new Map<string, Numbers>(Object.entries(columns).map(([name, values]) => [columnName(name), values]));
  let tokenText: ReadonlyMap<number, string> = new Map();
  let referenceDroppedMass: Float64Array | null = null;
  let subjectDroppedMass: Float64Array | null = null;
  let withoutReference = false;
  if (rows > 0) {
    try {
      await session.use(async (connection, duckdb) => {
        const from = await wantedRows(connection, duckdb, catalog.folder, blocks);
        const present = await whatIsPresent(connection, from, catalog.folder);
        withoutReference = !present.reference;
        if (withoutReference) forgetReference(numbers);
        referenceDroppedMass = present.referenceMass ? doubles() : null;
        subjectDroppedMass = present.subjectMass ? doubles() : null;
        if (referenceDroppedMass !== null) numbers.set("reference_dropped_mass", referenceDroppedMass);
        if (subjectDroppedMass !== null) numbers.set("subject_dropped_mass", subjectDroppedMass);
        await readNumbers(connection, from, numbers);
        tokenText = await readTokenTexts(connection, from);
      });
    } catch (error) {
      throw readFault(error, catalog.folder);
    }
  }
  return {
    shift,
    ...(withoutReference ? { withoutReference } : {}),
    ...sampleColumn(blocks, rows),
    ...columns,
    tokenText,
    referenceDroppedMass,
    subjectDroppedMass,
  };
}

/** Leaves the columns that hold NULL unread: doubles are NaN then, ranks stay 0. */
function forgetReference(numbers: Map<string, Numbers>): void {
  for (const [name, values] of numbers) {
    if (!referenceColumnNames.has(name)) continue;
    if (values instanceof Float64Array) values.fill(Number.NaN);
    numbers.delete(name);
  }
}
