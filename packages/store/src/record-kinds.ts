import type { AnswerRecord, ComparisonRecord, VerdictRecord } from "@unshift/contracts";
import type { LedgerRecord, ReplyRecord } from "@unshift/contracts/services";
import { lastRecords } from "./record-file.js";

/** Identity by the named text fields, or null where one is missing. */
function identityOf(record: object, fields: readonly string[]): string | null {
  const values: unknown[] = fields.map((field) => (record as Record<string, unknown>)[field]);
  return values.every((value) => typeof value === "string") ? JSON.stringify(values) : null;
}

function reader<R extends object>(
  fields: readonly (keyof R & string)[],
  also: (record: R) => string = () => "",
): (path: string) => Promise<R[]> {
  return (path) =>
    lastRecords(path, (record) => {
      const named = identityOf(record, fields);
      const id = named === null ? null : named + also(record as R);
      // Only this package writes these files, so a record with its identity is taken for whole.
      return id === null ? null : { id, record: record as R };
    });
}

/** The last answer of each (system, sample), in file order. */
export const readAnswers = reader<AnswerRecord>(["system", "sampleId"]);

/** The last verdict of each (judge, system, sample, other system, repeat), in file order. */
export const readVerdicts = reader<VerdictRecord>(["judge", "system", "sampleId"], ({ against, repeat }) =>
  JSON.stringify([against ?? null, repeat ?? 1]),
);

/** Every reply, in file order: one that was asked for again is paid again, and the last of a key is the one that is read. */
export function readReplies(path: string): Promise<ReplyRecord[]> {
  let count = 0;
  return reader<ReplyRecord>(["key"], () => String(count++))(path);
}

/** The last line of each (engine, name), in file order. */
export const readLedger = reader<LedgerRecord>(["engine", "name"]);

/** The last comparison of each (shift, sample), in file order. */
export const readComparisons = reader<ComparisonRecord>(["shift", "sampleId"]);
