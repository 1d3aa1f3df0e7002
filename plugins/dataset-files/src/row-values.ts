import type { Fields } from "./fields.js";
import { kindOf, scalarText } from "./kind-of.js";
import { type RowPlace, rowError } from "./row.js";

/** @throws DATASET_FIELD */
export function referenceOf(value: unknown, column: string, place: RowPlace): string[] {
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

/** @throws DATASET_FIELD */
export function tagsOf(
  cell: (column: string) => unknown,
  fields: Fields,
  place: RowPlace,
): Record<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  const add = (tag: string, value: unknown, column: string): void => {
    if (value === undefined || value === null) return;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    tags.set(
      tag,
      list.map((one) => {
        const text = scalarText(one);
        if (text !== null) return text;
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
    if (typeof object !== "object" || object === null || Array.isArray(object) || object instanceof Date) {
      throw rowError("DATASET_FIELD", place, `"${fields.tags}" is an object of tags, not ${kindOf(object)}`);
    }
    for (const [tag, value] of Object.entries(object)) add(tag, value, fields.tags);
  }
  return Object.fromEntries(tags);
}

/** @throws DATASET_FIELD */
export function idOf(value: unknown, column: string, place: RowPlace): string | null {
  if (value === undefined) return null;
  const text = typeof value === "boolean" || value instanceof Date ? null : scalarText(value);
  if (text !== null && text !== "") return text;
  throw rowError("DATASET_FIELD", place, `"${column}" is a text or a number, not ${kindOf(value)}`);
}
