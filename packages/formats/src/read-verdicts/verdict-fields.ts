import type { Json, JsonObject } from "@unshift/contracts";
import { fieldError, type Row } from "../read/row.js";
import { releasedId } from "../write/written-answers.js";

/** A text, or null where the field is missing, null or says nothing ("N/A" in files of just-eval). */
export function saidIn(row: Row, field: string): string | null {
  const value = row.fields[field];
  if (value === undefined || value === null || value === "N/A" || value === "") return null;
  if (typeof value === "string") return value;
  throw fieldError(row, field, "a text");
}

/** An object, or null where the field is missing or holds no object ("N/A"). */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** The fields that are not among `read`, and the id where it is not written as {@link releasedId} would. */
export function extrasOf(
  { fields }: Row,
  read: readonly string[],
  id?: { readonly field: string; readonly value: string },
) {
  // A row is parsed JSON, so whatever it holds is.
  const others = Object.entries(fields).filter(([field]) => !read.includes(field)) as [string, Json][];
  const extras: JsonObject = Object.fromEntries(others);
  if (id === undefined || fields[id.field] === releasedId(id.value)) return extras;
  return { ...extras, [id.field]: fields[id.field] as Json };
}

/** A turn of a question, from 1; 1 where the row does not say. */
export function turnOf(row: Row): number {
  const { turn = 1 } = row.fields;
  if (typeof turn === "number" && Number.isInteger(turn) && turn >= 1) return turn;
  throw fieldError(row, "turn", "a turn, from 1");
}

/** The model of MT-bench's `judge`, `[model, prompt]`; null where the row does not say. */
export function judgeModelOf({ fields }: Row): string | null {
  const { judge } = fields;
  const [model] = Array.isArray(judge) ? (judge as readonly unknown[]) : [judge];
  return typeof model === "string" ? model : null;
}

/** A number, also one written as text; null for anything else. */
export function numberIn(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}
