import { isRecord } from "../endpoint-words.js";

/** A batch as the endpoint tells of it. */
export interface BatchState {
  readonly id: string;
  readonly inputFile: string | null;
  /** In lower case: `validating`, `in_progress`, `finalizing`, … */
  readonly status: string;
  /** Requests that ended, well or not, and all; null where the endpoint does not count. */
  readonly counts: { readonly ended: number; readonly total: number } | null;
  readonly outputFile: string | null;
  readonly errorFile: string | null;
  /** Why it failed as a whole. */
  readonly errors: readonly { readonly code: string; readonly message: string; readonly line: number | null }[];
}

const ends: ReadonlySet<string> = new Set(["completed", "failed", "expired", "cancelled"]);

/** Whether nothing more will happen to it. */
export function isEnded({ status }: BatchState): boolean {
  return ends.has(status);
}

/** null where it is no batch. */
export function readBatch(value: unknown): BatchState | null {
  if (!isRecord(value)) return null;
  const id = idOf(value["id"]);
  const { status, request_counts: counts, errors } = value;
  if (id === null || typeof status !== "string") return null;
  const listed: unknown = isRecord(errors) ? errors["data"] : errors;
  return {
    id,
    inputFile: idOf(value["input_file_id"]),
    status: status.toLowerCase(),
    counts: countsOf(counts),
    outputFile: idOf(value["output_file_id"]),
    errorFile: idOf(value["error_file_id"]),
    errors: Array.isArray(listed) ? listed.filter(isRecord).map(errorOf) : [],
  };
}

/** An id that can stand in a path, a file and a message. */
export function idOf(value: unknown): string | null {
  return typeof value === "string" && /^[\x21-\x7e]{1,512}$/.test(value) ? value : null;
}

function countsOf(counts: unknown): BatchState["counts"] {
  if (!isRecord(counts)) return null;
  const { total, completed, failed } = counts;
  if (typeof total !== "number" || typeof completed !== "number" || total <= 0) return null;
  return { total, ended: completed + (typeof failed === "number" ? failed : 0) };
}

function errorOf({ code, message, line }: Readonly<Record<string, unknown>>) {
  return {
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message : "",
    line: typeof line === "number" ? line : null,
  };
}
