/**
 * Parquet holds UTF-8, where a lone surrogate has no form. Ids must come back as they were, so an id that cannot stand as
 * it is (or that looks like an escaped one) is stored as the JSON text of itself, which begins with a quotation mark.
 */
export function storedId(id: string): string {
  return id.isWellFormed() && !id.startsWith('"') ? id : JSON.stringify(id);
}

/** The id that `storedId` stored. */
export function idOf(stored: string): string {
  if (!stored.startsWith('"')) return stored;
  const id: unknown = JSON.parse(stored);
  return typeof id === "string" ? id : stored;
}

/** Code-unit order, as `<` has it on every machine: never a locale's order, never UTF-8's. */
export function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
