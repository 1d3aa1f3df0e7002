import { join } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import { UnshiftError } from "@unshift/contracts";
import type { StoredPositions } from "@unshift/contracts/services";
import { readFault } from "../storage-fault.js";
import { type DuckDbSession, sqlPaths } from "./duckdb-session.js";
import type { PartCatalog } from "./part-catalog.js";
import { type PositionColumnName, positionColumns } from "./position-schema.js";
import { storedId } from "./stored-text.js";

type Columns = ReadonlyMap<string, readonly DuckDBValue[]>;

function isList(value: DuckDBValue | undefined): value is DuckDBValue & { readonly items: readonly DuckDBValue[] } {
  return typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);
}

function values(columns: Columns, name: PositionColumnName): readonly DuckDBValue[] {
  return columns.get(name) ?? [];
}

function doubles(columns: Columns, name: PositionColumnName): Float64Array {
  return Float64Array.from(values(columns, name), Number);
}

function integers(columns: Columns, name: PositionColumnName): Int32Array {
  return Int32Array.from(values(columns, name), Number);
}

/** The `[n, k]` lists of a column, flat. */
function flat(columns: Columns, name: PositionColumnName): number[] {
  return values(columns, name).flatMap((list) => (isList(list) ? list.items.map(Number) : []));
}

function doublesOrNull(columns: Columns, name: PositionColumnName): Float64Array | null {
  return values(columns, name).every((value) => value === null) ? null : doubles(columns, name);
}

function topK(columns: Columns): number {
  const first = values(columns, "subject_top_ids")[0];
  return isList(first) ? first.items.length : 0;
}

/** Parts hold NULL throughout where the answers came without a model. */
function hasReference(columns: Columns): boolean {
  return values(columns, "reference_rank").some((value) => value !== null);
}

/** The positions of one item with their lists and token texts; null where they are not on disk. */
export async function readBlock(
  session: DuckDbSession,
  catalog: PartCatalog,
  wanted: { readonly shift: string; readonly sampleId: string; readonly key: string },
): Promise<StoredPositions | null> {
  const { shift, sampleId, key } = wanted;
  const block = (await catalog.load()).get(key);
  if (block === undefined || block.shift !== shift || block.sampleId !== sampleId) return null;
  const path = join(catalog.folder, block.part);
  const names = positionColumns.map(({ name }) => name);
  const sql = `SELECT ${names.join(", ")} FROM read_parquet(${sqlPaths([path])})
    WHERE item_key = $1 ORDER BY position`;
  let columns: Columns;
  try {
    const read = await session.use(async (connection) =>
      (await connection.runAndReadAll(sql, [storedId(key)])).getColumns(),
    );
    columns = new Map(names.map((name, at) => [name, read[at] ?? []]));
  } catch (error) {
    throw readFault(error, path);
  }
  const k = topK(columns);
  const known = hasReference(columns);
  const list = (name: PositionColumnName): number[] => {
    const found = flat(columns, name);
    if (found.length === block.rows * k) return found;
    throw new UnshiftError("RUN_CORRUPT", `${path}: the top lists of sample "${sampleId}" differ in length.`, {
      where: { file: path },
    });
  };
  const ofReference = (name: PositionColumnName): Float64Array =>
    known ? doubles(columns, name) : new Float64Array(block.rows).fill(Number.NaN);
  return {
    shift,
    sampleId,
    tokens: values(columns, "token").map(String),
    columns: {
      ...(known ? {} : { withoutReference: true }),
      length: block.rows,
      topK: k,
      tokenIds: integers(columns, "token_id"),
      referenceLogprob: ofReference("reference_logprob"),
      subjectLogprob: doubles(columns, "subject_logprob"),
      referenceRank: known ? integers(columns, "reference_rank") : new Int32Array(block.rows),
      subjectRank: integers(columns, "subject_rank"),
      klReferenceSubject: ofReference("kl_reference_subject"),
      klSubjectReference: ofReference("kl_subject_reference"),
      js: ofReference("js"),
      tv: ofReference("tv"),
      referenceEntropy: ofReference("reference_entropy"),
      subjectEntropy: doubles(columns, "subject_entropy"),
      referenceTopIds: known ? Int32Array.from(list("reference_top_ids")) : new Int32Array(block.rows * k).fill(-1),
      referenceTopLogprobs: known
        ? Float64Array.from(list("reference_top_logprobs"))
        : new Float64Array(block.rows * k).fill(Number.NaN),
      subjectTopIds: Int32Array.from(list("subject_top_ids")),
      subjectTopLogprobs: Float64Array.from(list("subject_top_logprobs")),
      referenceDroppedMass: doublesOrNull(columns, "reference_dropped_mass"),
      subjectDroppedMass: doublesOrNull(columns, "subject_dropped_mass"),
    },
  };
}
