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
  const first = values(columns, "reference_top_ids")[0];
  return isList(first) ? first.items.length : 0;
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
  const lists = (
    ["reference_top_ids", "reference_top_logprobs", "subject_top_ids", "subject_top_logprobs"] as const
  ).map((name) => flat(columns, name));
  if (lists.some((list) => list.length !== block.rows * k)) {
    throw new UnshiftError("RUN_CORRUPT", `${path}: the top lists of sample "${sampleId}" differ in length.`, {
      where: { file: path },
    });
  }
  const [referenceTopIds, referenceTopLogprobs, subjectTopIds, subjectTopLogprobs] = lists;
  return {
    shift,
    sampleId,
    tokens: values(columns, "token").map(String),
    columns: {
      length: block.rows,
      topK: k,
      tokenIds: integers(columns, "token_id"),
      referenceLogprob: doubles(columns, "reference_logprob"),
      subjectLogprob: doubles(columns, "subject_logprob"),
      referenceRank: integers(columns, "reference_rank"),
      subjectRank: integers(columns, "subject_rank"),
      klReferenceSubject: doubles(columns, "kl_reference_subject"),
      klSubjectReference: doubles(columns, "kl_subject_reference"),
      js: doubles(columns, "js"),
      tv: doubles(columns, "tv"),
      referenceEntropy: doubles(columns, "reference_entropy"),
      subjectEntropy: doubles(columns, "subject_entropy"),
      referenceTopIds: Int32Array.from(referenceTopIds ?? []),
      referenceTopLogprobs: Float64Array.from(referenceTopLogprobs ?? []),
      subjectTopIds: Int32Array.from(subjectTopIds ?? []),
      subjectTopLogprobs: Float64Array.from(subjectTopLogprobs ?? []),
      referenceDroppedMass: doublesOrNull(columns, "reference_dropped_mass"),
      subjectDroppedMass: doublesOrNull(columns, "subject_dropped_mass"),
    },
  };
}
