import { distance } from "fastest-levenshtein";
import type { Fields } from "./fields.js";

/** Columns that nothing reads and that are a letter or two off a field that no row has: `tag` for `tags`. */
export function strayColumns(
  columns: ReadonlySet<string>,
  fields: Fields,
): readonly { readonly column: string; readonly field: string }[] {
  const { id, instruction, messages, turns, follows, reference, tags } = fields;
  const known = [id, instruction, messages, turns, follows, reference, ...(tags === null ? [] : [tags])];
  const absent = known.filter((field) => !columns.has(field));
  const read = new Set([...known, ...fields.named]);
  return [...columns].flatMap((column) => {
    if (read.has(column)) return [];
    const field = absent.find((each) => distance(column.toLowerCase(), each.toLowerCase()) <= reach(each));
    return field === undefined ? [] : [{ column, field }];
  });
}

/** Letters a name may be off: a short one is near to too many. */
function reach(field: string): number {
  return field.length < 4 ? 0 : field.length < 8 ? 1 : 2;
}
