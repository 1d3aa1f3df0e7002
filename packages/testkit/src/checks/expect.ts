import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";

/** Throws an AssertionError with this message unless `fact` holds. */
export function expect(fact: boolean, message: string): asserts fact {
  if (!fact) throw new AssertionError({ message });
}

/** Whether a value survives being stored as JSON. */
export function isStorable(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    // A cycle, a BigInt, undefined: what JSON.stringify or JSON.parse refuses cannot be stored.
    return false;
  }
}

export function quote(text: string, length = 60): string {
  return JSON.stringify(text.length > length ? `${text.slice(0, length)}…` : text);
}
