import type { Json, JsonObject, Where } from "@unshift/contracts";
import type { ConfigPath } from "./experiment.js";

/** Who wrote a value: its place, and the folder that relative paths in it start from. */
export interface Origin {
  readonly where: Where;
  readonly folder: string;
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: null | boolean | number | string;
  readonly origin: Origin;
}

interface ListNode {
  readonly kind: "list";
  readonly items: readonly ConfigNode[];
  readonly origin: Origin;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly origin: Origin;
}

/** A key with its value; `key` is where the key stands. */
export interface Entry {
  readonly key: Origin;
  readonly node: ConfigNode;
}

/** YAML with positions kept, so that files can be merged and every value still knows its file and line. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** The plain value. Every level of a map is a fresh object. */
export function toJson(node: ConfigNode): Json {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toJson);
  const value: Record<string, Json> = {};
  for (const [key, entry] of node.entries) value[key] = toJson(entry.node);
  return value satisfies JsonObject;
}

/** The child under a key or index, or undefined. */
export function childOf(node: ConfigNode | undefined, key: string | number): ConfigNode | undefined {
  if (node?.kind === "map") return node.entries.get(String(key))?.node;
  if (node?.kind === "list" && typeof key === "number") return node.items[key];
  return undefined;
}

export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const key of path) node = childOf(node, key);
  return node;
}

/** Who wrote a path, or its nearest written ancestor: the place of a map's key, of a list's item. */
export function originAt(root: ConfigNode, path: ConfigPath): Origin {
  let origin = root.origin;
  let node: ConfigNode | undefined = root;
  for (const key of path) {
    const entry: Entry | undefined = node?.kind === "map" ? node.entries.get(String(key)) : undefined;
    const next: ConfigNode | undefined = entry?.node ?? childOf(node, key);
    if (next === undefined) break;
    origin = entry?.key ?? next.origin;
    node = next;
  }
  return origin;
}

/** Strings below a node with the folder of whoever wrote them. */
export function* stringsOf(
  node: ConfigNode,
): Generator<{ readonly value: string; readonly folder: string; readonly path: ConfigPath }> {
  if (node.kind === "scalar") {
    if (typeof node.value === "string") yield { value: node.value, folder: node.origin.folder, path: [] };
    return;
  }
  const children: [string | number, ConfigNode][] =
    node.kind === "list"
      ? node.items.map((item, index) => [index, item])
      : [...node.entries].map(([key, entry]) => [key, entry.node]);
  for (const [key, child] of children) {
    for (const found of stringsOf(child)) yield { ...found, path: [key, ...found.path] };
  }
}
