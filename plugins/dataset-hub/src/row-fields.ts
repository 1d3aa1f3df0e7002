import { type ErrorCode, type Message, UnshiftError } from "@unshift/contracts";
import type { Row } from "./read-rows.js";

/** A fault of a row, at its file and line, or its file and row number. */
export function rowError(row: Row, message: string, code: ErrorCode = "DATASET_FIELD"): UnshiftError {
  const text = row.where.line === undefined ? `row ${row.number}: ${message}` : message;
  return new UnshiftError(code, text, { where: row.where });
}

/** A column that must be text. */
export function textOf(row: Row, column: string): string {
  const value = row.columns[column];
  if (typeof value === "string") return value;
  throw wrong(row, column, value, "text");
}

/** A column that is text or a number, as text; null where it is absent. */
export function idOf(row: Row, column: string): string | null {
  const value = row.columns[column];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  throw wrong(row, column, value, "text or a number");
}

/** A column that is absent, a text, number or boolean, or a list of them. */
export function textsOf(row: Row, column: string): readonly string[] {
  const value = row.columns[column];
  if (value === undefined || value === null) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    if (typeof each === "string") return each;
    if (typeof each === "number" || typeof each === "bigint" || typeof each === "boolean") return String(each);
    throw wrong(row, column, each, "a text, or a list of texts");
  });
}

/** A column that is a chat: `[{ role, content }]`. */
export function messagesOf(row: Row, column: string): readonly Message[] {
  const value = row.columns[column];
  if (!Array.isArray(value) || value.length === 0) throw wrong(row, column, value, "a list of { role, content }");
  return value.map((each: unknown): Message => {
    if (typeof each !== "object" || each === null) throw wrong(row, column, each, "{ role, content }");
    const { role, content } = each as Readonly<Record<string, unknown>>;
    if ((role !== "system" && role !== "user" && role !== "assistant") || typeof content !== "string") {
      throw wrong(row, column, each, 'a role "system", "user" or "assistant" and a text as content');
    }
    return { role, content };
  });
}

/** A chat whose last message is the user's. */
export function openChatOf(row: Row, column: string): readonly Message[] {
  const messages = messagesOf(row, column);
  if (messages.at(-1)?.role !== "user")
    throw rowError(row, `the chat in "${column}" does not end with the user's message`);
  return messages;
}

function wrong(row: Row, column: string, value: unknown, wanted: string): UnshiftError {
  if (value === undefined) {
    return rowError(row, `there is no column "${column}"; there are ${Object.keys(row.columns).join(", ")}`);
  }
  const found = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
  return rowError(row, `"${column}" is ${found.length > 60 ? `${found.slice(0, 60)}…` : found}. Wanted: ${wanted}.`);
}
