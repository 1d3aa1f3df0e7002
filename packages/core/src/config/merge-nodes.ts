import { type ConfigNode, childOf, type Entry } from "./config-node.js";

/**
 * `over` laid on `base`: maps are merged key by key, everything else (lists too) is replaced. A map that names another `use` than
 * the one below replaces it whole: the options of one strategy mean nothing to another.
 */
export function mergeNodes(base: ConfigNode, over: ConfigNode): ConfigNode {
  if (base.kind !== "map" || over.kind !== "map" || usesAnother(base, over)) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    entries.set(key, below === undefined ? entry : { key: entry.key, node: mergeNodes(below.node, entry.node) });
  }
  return { kind: "map", entries, origin: over.origin };
}

function usesAnother(base: ConfigNode, over: ConfigNode): boolean {
  const before = childOf(base, "use");
  const after = childOf(over, "use");
  return before?.kind === "scalar" && after?.kind === "scalar" && before.value !== after.value;
}
