import type { Sample } from "@unshift/contracts";
import type { Row } from "./read-rows.js";
import { idOf, openChatOf, rowError, textOf, textsOf } from "./row-fields.js";

/** Columns of any dataset's rows. */
export interface FieldOptions {
  readonly id?: string;
  readonly instruction?: string;
  readonly messages?: string;
  readonly reference?: string;
  readonly tags?: readonly string[] | Readonly<Record<string, string>>;
}

/** Maps a row's columns. Without a column of ids, a row's id is its number over all files: stable, as the commit is pinned. */
export function fieldSample(row: Row, nth: number, fields: FieldOptions): Sample {
  const id = fields.id === undefined ? String(nth) : idOf(row, fields.id);
  if (id === null) throw rowError(row, `there is no column "${fields.id}" for the id`);
  const messages =
    fields.messages === undefined
      ? [{ role: "user" as const, content: textOf(row, fields.instruction ?? "instruction") }]
      : openChatOf(row, fields.messages);
  const columns = Array.isArray(fields.tags)
    ? fields.tags.map((column: string) => [column, column] as const)
    : Object.entries(fields.tags ?? {});
  const tags = columns.map(([tag, column]) => {
    if (!(column in row.columns)) throw rowError(row, `there is no column "${column}" for the tag "${tag}"`);
    return [tag, textsOf(row, column)] as const;
  });
  return {
    id,
    messages,
    reference: fields.reference === undefined ? [] : textsOf(row, fields.reference),
    tags: Object.fromEntries(tags.filter(([, values]) => values.length > 0)),
  };
}
