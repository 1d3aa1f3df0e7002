import { type ConfigNode, childOf, type Entry, type MapNode, nodeAt, type Origin } from "./config-node.js";
import type { ConfigPath } from "./experiment.js";
import type { Problem } from "./problem.js";
import { dotted } from "./wording.js";

/** Axes whose values have names, and the key that names a value of a list. */
const namedBy: Readonly<Record<string, string>> = { strategy: "use", decoding: "preset" };

/** Paths of the blocks of a matrix: itself where it is one, else its items. */
export function matrixBlocks(root: ConfigNode): ConfigPath[] {
  const matrix = nodeAt(root, ["matrix"]);
  if (matrix?.kind === "map") return [["matrix"]];
  return matrix?.kind === "list" ? matrix.items.map((_, index) => ["matrix", index]) : [];
}

/**
 * The tree with each axis of the matrix in its long form: models as a list, strategies and decodings as maps from name to
 * value. Runs after files are merged, so that a list still replaces a list. Each value keeps its place.
 */
export function nameAxes(root: MapNode): { readonly root: MapNode; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const block = (node: ConfigNode, path: ConfigPath): ConfigNode => {
    if (node.kind !== "map") return node;
    const change = (key: string, value: ConfigNode): ConfigNode => {
      if (key === "model") return listOfOne(value);
      if (key === "exclude") return value.kind === "list" ? { ...value, items: value.items.map(exclusion) } : value;
      return key in namedBy ? named(value, namedBy[key] ?? "", [...path, key], problems) : value;
    };
    return mapEntries(node, (key, entry) => ({ ...entry, node: change(key, entry.node) }));
  };
  const changed = mapEntries(root, (key, entry) => {
    if (key !== "matrix") return entry;
    const { node } = entry;
    if (node.kind !== "list") return { ...entry, node: block(node, ["matrix"]) };
    return { ...entry, node: { ...node, items: node.items.map((item, index) => block(item, ["matrix", index])) } };
  });
  return { root: changed, problems };
}

function named(axis: ConfigNode, naming: string, path: ConfigPath, problems: Problem[]): ConfigNode {
  if (axis.kind === "map") {
    const use = axis.entries.get("use");
    if (naming === "use" && use !== undefined) {
      problems.push({
        code: "CONFIG_INVALID",
        message: `${dotted(path)} is a map from names to strategies, found "use" among the names. Name the strategy: { mine: { use: …, … } }.`,
        where: use.key.where,
      });
    }
    return axis;
  }
  if (axis.kind === "scalar") {
    if (typeof axis.value !== "string") return axis;
    const entry = { key: axis.origin, node: longForm(axis, naming) };
    return { kind: "map", entries: new Map([[nameOf(axis.value), entry]]), origin: axis.origin };
  }
  const entries = new Map<string, Entry>();
  for (const [index, item] of axis.items.entries()) {
    const value = childOf(item, naming);
    // A value that says no name is refused for its shape; its index tells which it is.
    const name = value?.kind === "scalar" ? nameOf(String(value.value)) : String(index);
    if (entries.has(name)) {
      problems.push({
        code: "CONFIG_INVALID",
        message: `${dotted([...path, index])}: "${name}" is there twice, so ids of systems cannot tell the two apart. Write ${dotted(path)} as a map from names of your own: { first: …, second: … }.`,
        where: item.origin.where,
      });
    } else entries.set(name, { key: item.origin, node: item });
  }
  return { kind: "map", entries, origin: axis.origin };
}

/** `acme/urial` → `acme-urial`: what is no id may not stand in one. */
function nameOf(use: string): string {
  return use.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
}

function exclusion(node: ConfigNode): ConfigNode {
  return node.kind === "map" ? mapEntries(node, (_, entry) => ({ ...entry, node: listOfOne(entry.node) })) : node;
}

function listOfOne(node: ConfigNode): ConfigNode {
  return node.kind === "scalar" && typeof node.value === "string"
    ? { kind: "list", items: [node], origin: node.origin }
    : node;
}

function longForm(node: ConfigNode, key: string): MapNode {
  const origin: Origin = node.origin;
  return { kind: "map", entries: new Map([[key, { key: origin, node }]]), origin };
}

function mapEntries(node: MapNode, change: (key: string, entry: Entry) => Entry): MapNode {
  return { ...node, entries: new Map([...node.entries].map(([key, entry]) => [key, change(key, entry)])) };
}
