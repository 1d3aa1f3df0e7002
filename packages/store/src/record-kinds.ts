import type { AnswerRecord, ComparisonRecord, VerdictRecord } from "@unshift/contracts";
import { lastRecords } from "./record-file.js";

/** Identity by the named text fields, or null where one is missing. */
function identityOf(record: object, fields: readonly string[]): string | null {
  const values: unknown[] = fields.map((field) => (record as Record<string, unknown>)[field]);
  return values.every((value) => typeof value === "string") ? JSON.stringify(values) : null;
}

function reader<R extends object>(fields: readonly (keyof R & string)[]): (path: string) => Promise<R[]> {
  return (path) =>
    lastRecords(path, (record) => {
      const id = identityOf(record, fields);
      // Only this package writes these files, so a record with its identity is taken for whole.
      return id === null ? null : { id, record: record as R };
    });
}

/** The last answer of each (system, sample), in file order. */
export const readAnswers = reader<AnswerRecord>(["system", "sampleId"]);

/** The last verdict of each (judge, system, sample), in file order. */
export const readVerdicts = reader<VerdictRecord>(["judge", "system", "sampleId"]);

/** The last comparison of each (shift, sample), in file order. */
export const readComparisons = reader<ComparisonRecord>(["shift", "sampleId"]);
