import { createHash } from "node:crypto";
import type { Message, Sample } from "@unshift/contracts";
import { distance } from "fastest-levenshtein";
import type { Fields } from "./fields.js";
import { kindOf } from "./kind-of.js";
import { type Row, type RowPlace, rowError } from "./row.js";
import { idOf, referenceOf, tagsOf } from "./row-values.js";
import { userTurns } from "./user-turns.js";

const roles = ["system", "user", "assistant"] as const;

/** One question of a row: a row of `turns` holds several. */
export interface Turn {
  readonly messages: readonly Message[];
  readonly reference: readonly string[];
  readonly tags: Sample["tags"];
}

/** What a row asks; the id is null where it names none, `follows` where it goes on with no other. */
export interface RowSample {
  readonly id: string | null;
  readonly follows: string | null;
  /** Whether the row lists turns. */
  readonly chat: boolean;
  /** At least one; each after the first follows the one before it. */
  readonly turns: readonly Turn[];
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
  const tags = tagsOf(cell, fields, place);
  const chat = cells.has(fields.turns)
    ? userTurns(cells, cell, fields, tags, place)
    : [
        {
          messages: messagesOf(cells, cell, fields, place),
          reference: referenceOf(cell(fields.reference), fields.reference, place),
          tags,
        },
      ];
  return {
    id: idOf(cells.get(fields.id), fields.id, place),
    follows: idOf(cells.get(fields.follows), fields.follows, place),
    chat: cells.has(fields.turns),
    turns: chat,
  };
}

/** Twelve hexadecimal digits of the sha256 of what a row asks: the same chat has the same id in every file. */
export function contentId({ turns, follows }: RowSample): string {
  const messages = turns.flatMap((turn) => turn.messages.map(({ role, content }) => [role, content]));
  return createHash("sha256")
    .update(JSON.stringify(follows === null ? messages : [follows, messages]))
    .digest("hex")
    .slice(0, 12);
}

/** A text cell of a column that may hold more than text. */
function structured(text: string, column: string, place: RowPlace, fields: Fields): unknown {
  const must = column === fields.messages || column === fields.turns || column === fields.tags;
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
    hint: semicolons([...cells.keys()])
      ? "The columns look separated by `;`: the CSV that is read has commas. Save the file with commas, or as JSONL."
      : 'Map other names in the experiment: fields: { instruction: "prompt" }.',
  });
}

function missing(cells: ReadonlyMap<string, unknown>, fields: Fields): string {
  const found = [...cells.keys()];
  const wanted = [fields.instruction, fields.messages, fields.turns];
  const nearest = found
    .flatMap((name) => wanted.map((want) => ({ name, want, steps: distance(name.toLowerCase(), want) })))
    .sort((a, b) => a.steps - b.steps)[0];
  const guess =
    nearest !== undefined && nearest.steps <= 3 ? `; is "${nearest.name}" meant for "${nearest.want}"?` : "";
  const tags = fields.tags === null ? [] : [fields.tags];
  const allowed = [fields.id, ...wanted, fields.follows, fields.reference, ...tags];
  const list = (names: readonly string[]) =>
    names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
  return `the sample has neither "${fields.instruction}" nor "${fields.messages}" nor "${fields.turns}"; its fields are ${list(found)}, known are ${list(allowed)}${guess}`;
}

/** A line of `a;b;c` reads as one column. */
function semicolons(columns: readonly string[]): boolean {
  return columns.length === 1 && (columns[0]?.split(";").length ?? 0) > 1;
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
