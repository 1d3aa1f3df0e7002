import { UnshiftError } from "@unshift/contracts";

/** Ids that could be told apart by no reader of a reply are refused: keys are compared without case. @throws PLUGIN_OPTIONS */
export function requireDistinct(ids: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const id of ids) {
    const key = id.toLowerCase().replace(/[_-]/g, "");
    const before = seen.get(key);
    if (before !== undefined) {
      throw new UnshiftError(
        "PLUGIN_OPTIONS",
        `aspects ${JSON.stringify(before)} and ${JSON.stringify(id)} cannot be told apart`,
      );
    }
    seen.set(key, id);
  }
}
