import { fieldError, type Row, rowError } from "./row.js";

/** Whether a field is there and not null. */
export function has(row: Row, field: string): boolean {
  return row.fields[field] !== undefined && row.fields[field] !== null;
}

/** A field that must be text; it may be empty. */
export function textOf(row: Row, field: string): string {
  const value = row.fields[field];
  if (typeof value === "string") return value;
  throw fieldError(row, field, "a text");
}

/** A text or a whole number, as text. */
export function idOf(row: Row, field: string): string {
  const value = row.fields[field];
  if (typeof value === "string" && value !== "") return value;
  // A larger number was not the one in the file any more when JSON.parse was done with it.
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw fieldError(row, field, "a text or a whole number");
}

/** An answer: a text (an empty one is an answer too), or null where nothing was answered. The field must be there. */
export function answerOf(row: Row, field: string): string | null {
  const value = row.fields[field];
  if (value === null || typeof value === "string") return value;
  throw fieldError(row, field, "a text, or null where there is no answer");
}

/** A field that is absent, a text, or a list of texts. */
export function textsOf(row: Row, field: string): readonly string[] {
  const value = row.fields[field];
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each === "string") return each;
    throw fieldError(row, field, "a text or a list of texts");
  });
}

/**
 * The name of the one field among `names` that the row has. An empty text beside another does not count (Alpaca's `input`); two
 * that differ are refused, for how they were put together is not known. Null where there is none.
 */
export function oneOf(row: Row, names: readonly string[]): string | null {
  const there = names.filter((name) => has(row, name));
  const told = there.filter((name) => row.fields[name] !== "");
  const [first, ...others] = told.length > 0 ? told : there;
  const second = others.find((name) => row.fields[name] !== row.fields[first ?? ""]);
  if (first === undefined || second === undefined) return first ?? null;
  throw rowError(row.place, `there is ${JSON.stringify(first)} as well as ${JSON.stringify(second)}, and they differ`, {
    hint: `Only one of ${names.join(", ")} is read: put together what was asked, and leave the others out.`,
  });
}

/** Tag → values from fields: those that are there and say something. */
export function tagsOf(row: Row, fields: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  const tags = Object.entries(fields).map(([tag, field]) => [tag, saying(textsOf(row, field))] as const);
  return Object.fromEntries(tags.filter(([, values]) => values.length > 0));
}

/** Without the empty texts and the "N/A" of the released files. */
export function saying(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text !== "" && text !== "N/A");
}
