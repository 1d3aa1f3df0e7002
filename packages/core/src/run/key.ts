import { createHash } from "node:crypto";

/** JSON with sorted keys, so that equal values have equal text whatever order they were built in. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Key of an item: sha256 over everything that changes it, 40 hex digits. */
export function keyOf(parts: Readonly<Record<string, unknown>>): string {
  return createHash("sha256").update(canonicalJson(parts)).digest("hex").slice(0, 40);
}
