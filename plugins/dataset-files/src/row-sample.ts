import { createHash } from "node:crypto";
import type { Message, Sample } from "@unshift/contracts";
import { distance } from "fastest-levenshtein";
import type { Fields } from "./fields.js";
import { type Row, type RowPlace, rowError } from "./row.js";

const roles = ["system", "user", "assistant"] as const;

/** A row's sample; the id is null where the row names none. */
export interface RowSample extends Omit<Sample, "id"> {
  readonly id: string | null;
}

/**
 * @param textCells the format knows only text (CSV): lists and objects are written as JSON in a cell
 * @throws DATASET_FIELD with the place of the row
 */
export function rowSample(row: Row, fields: Fields, textCells: boolean): RowSample {
  const { place } = row;
  if (typeof row.value !== "object" || row.value === null || Array.isArray(row.value)) {
    throw rowError("DATASET_FIELD", place, `a sample is an object, not ${kindOf(row.value)}`);
  }
  const cells = new Map(Object.entries(row.value).filter(([, value]) => value !== null));
  const cell = (column: string): unknown => {
    const value: unknown = cells.get(column);
    return textCells && typeof value === "string" ? structured(value, column, place, fields) : value;
  };
  return {
    id: idOf(cells.get(fields.id), fields.id, place),
    messages: messagesOf(cells, cell, fields, place),
    reference: referenceOf(cell(fields.reference), fields.reference, place),
    tags: tagsOf(cell, fields, place),
  };
}

/** Twelve hexadecimal digits of the sha256 of the messages: the same chat has the same id in every file. */
export function contentId(messages: readonly Message[]): string {
  return createHash("sha256")
    .update(JSON.stringify(messages.map(({ role, content }) => [role, content])))
    .digest("hex")
    .slice(0, 12);
}

/** A text cell of a column that may hold more than text. */
function structured(text: string, column: string, place: RowPlace, fields: Fields): unknown {
  const must = column === fields.messages || column === fields.tags;
  if (!must && !(column === fields.reference && text.startsWith("["))) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw rowError(
      "DATASET_FIELD",
      place,
      `the cell "${column}" is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function idOf(value: unknown, column: string, place: RowPlace): string | null {
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "string" && value !== "") return value;
  throw rowError("DATASET_FIELD", place, `"${column}" is a text or a number, not ${kindOf(value)}`);
}

function messagesOf(
  cells: ReadonlyMap<string, unknown>,
  cell: (column: string) => unknown,
  fields: Fields,
  place: RowPlace,
): Message[] {
  const instruction = cell(fields.instruction);
  const messages = cell(fields.messages);
  if (instruction !== undefined && messages !== undefined) {
    throw rowError("DATASET_FIELD", place, `the sample has both "${fields.instruction}" and "${fields.messages}"`, {
      hint: "A sample is one instruction or a chat so far.",
    });
  }
  if (messages !== undefined) return chatOf(messages, fields.messages, place);
  if (typeof instruction === "string") return [{ role: "user", content: instruction }];
  if (instruction !== undefined)
    throw rowError("DATASET_FIELD", place, `"${fields.instruction}" is a text, not ${kindOf(instruction)}`);
  throw rowError("DATASET_FIELD", place, missing(cells, fields), {
    hint: 'Map other names in the experiment: fields: { instruction: "prompt" }.',
  });
}

function missing(cells: ReadonlyMap<string, unknown>, fields: Fields): string {
  const found = [...cells.keys()];
  const wanted = [fields.instruction, fields.messages];
  const nearest = found
    .flatMap((name) => wanted.map((want) => ({ name, want, steps: distance(name.toLowerCase(), want) })))
    .sort((a, b) => a.steps - b.steps)[0];
  const guess =
    nearest !== undefined && nearest.steps <= 3 ? `; is "${nearest.name}" meant for "${nearest.want}"?` : "";
  const allowed = [fields.id, ...wanted, fields.reference, ...(fields.tags === null ? [] : [fields.tags])];
  const list = (names: readonly string[]) =>
    names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
  return `the sample has neither "${fields.instruction}" nor "${fields.messages}"; its fields are ${list(found)}, known are ${list(allowed)}${guess}`;
}

function chatOf(value: unknown, column: string, place: RowPlace): Message[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw rowError("DATASET_FIELD", place, `"${column}" is a list of messages, not ${kindOf(value)}`);
  }
  const chat = value.map((message: unknown, index): Message => {
    const of = `message ${index + 1} of "${column}"`;
    if (typeof message !== "object" || message === null)
      throw rowError("DATASET_FIELD", place, `${of} is an object, not ${kindOf(message)}`);
    const { role, content } = message as { readonly role?: unknown; readonly content?: unknown };
    const known = roles.find((name) => name === role);
    if (known === undefined) {
      throw rowError(
        "DATASET_FIELD",
        place,
        `${of} has the role ${JSON.stringify(role) ?? "none"}; allowed are ${roles.map((name) => `"${name}"`).join(", ")}`,
      );
    }
    if (typeof content !== "string")
      throw rowError("DATASET_FIELD", place, `the content of ${of} is a text, not ${kindOf(content)}`);
    return { role: known, content };
  });
  if (chat.at(-1)?.role !== "user")
    throw rowError(
      "DATASET_FIELD",
      place,
      `the last message of "${column}" is the user's, not the ${chat.at(-1)?.role}'s`,
    );
  return chat;
}

function referenceOf(value: unknown, column: string, place: RowPlace): string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one === "string") return one;
    throw rowError(
      "DATASET_FIELD",
      place,
      `"${column}" is a text or a list of texts, not ${Array.isArray(value) ? "a list with " : ""}${kindOf(one)}`,
    );
  });
}

function tagsOf(cell: (column: string) => unknown, fields: Fields, place: RowPlace): Record<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  const add = (tag: string, value: unknown, column: string): void => {
    if (value === undefined || value === null) return;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    tags.set(
      tag,
      list.map((one) => {
        if (typeof one === "string" || typeof one === "boolean" || (typeof one === "number" && Number.isFinite(one)))
          return String(one);
        throw rowError(
          "DATASET_FIELD",
          place,
          `tag "${tag}" (in "${column}") is a text, number, boolean or a list of them, not ${kindOf(one)}`,
        );
      }),
    );
  };
  for (const [tag, column] of fields.tagColumns) add(tag, cell(column), column);
  const object = fields.tags === null ? undefined : cell(fields.tags);
  if (fields.tags !== null && object !== undefined) {
    if (typeof object !== "object" || object === null || Array.isArray(object)) {
      throw rowError("DATASET_FIELD", place, `"${fields.tags}" is an object of tags, not ${kindOf(object)}`);
    }
    for (const [tag, value] of Object.entries(object)) add(tag, value, fields.tags);
  }
  return Object.fromEntries(tags);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}
