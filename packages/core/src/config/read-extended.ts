import { basename, resolve } from "node:path";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import { type ConfigNode, type MapNode, type ScalarNode, toJson } from "./config-node.js";
import { expandShortForms } from "./expand-short-forms.js";
import { mergeNodes } from "./merge-nodes.js";
import { type ConfigFile, readConfigFile } from "./read-config-file.js";
import { describe } from "./wording.js";

/** Reads a file and all it extends, merged. The text is the file's own. Throws CONFIG_EXTENDS beside what reading throws. */
export function readExtended(file: string): Promise<ConfigFile & { readonly root: MapNode }> {
  return read(file, []);
}

async function read(file: string, chain: readonly string[]): Promise<ConfigFile & { readonly root: MapNode }> {
  const config = await readConfigFile(file);
  if (config.root.kind !== "map") {
    throw new UnshiftError(
      "CONFIG_INVALID",
      `an experiment is a map of keys (models, dataset, systems, …), found ${describe(toJson(config.root))}.`,
      {
        where: config.root.origin.where,
      },
    );
  }
  const { own, parents } = takeExtends(config.root);
  const expanded = expandShortForms(own);
  let below: ConfigNode | null = null;
  for (const parent of parents) {
    const parentRoot: ConfigNode = (await readParent(parent, [...chain, file])).root;
    below = below === null ? parentRoot : mergeNodes(below, parentRoot);
  }
  const root = below === null ? expanded : mergeNodes(below, expanded);
  // Both sides are maps without `use`, so the merge is a map.
  return { ...config, root: root.kind === "map" ? root : own };
}

async function readParent(name: ScalarNode, chain: readonly string[]): Promise<ConfigFile> {
  const file = resolve(name.origin.folder, String(name.value));
  const where = name.origin.where;
  const start = chain.indexOf(file);
  if (start >= 0) {
    const circle = [...chain.slice(start), file].map((each) => basename(each)).join(" → ");
    throw new UnshiftError(
      "CONFIG_EXTENDS",
      `\`extends\` goes in a circle: ${circle}. Remove one of these \`extends\`.`,
      { where },
    );
  }
  try {
    return await read(file, chain);
  } catch (cause) {
    if (!isUnshiftError(cause) || cause.code !== "CONFIG_NOT_FOUND") throw cause;
    throw new UnshiftError("CONFIG_EXTENDS", `\`extends\` names ${describe(name.value)}, but ${cause.message}`, {
      where,
      hint: "A path after `extends` is relative to the file that writes it.",
      cause,
    });
  }
}

function takeExtends(root: MapNode): { own: MapNode; parents: readonly ScalarNode[] } {
  const entry = root.entries.get("extends");
  if (entry === undefined) return { own: root, parents: [] };
  const entries = new Map(root.entries);
  entries.delete("extends");
  const nodes = entry.node.kind === "list" ? entry.node.items : [entry.node];
  const parents = nodes.map((node) => {
    if (node.kind === "scalar" && typeof node.value === "string" && node.value !== "") return node;
    throw new UnshiftError(
      "CONFIG_EXTENDS",
      `\`extends\` takes the path of an experiment file, or a list of them, found ${describe(toJson(node))}.`,
      {
        where: node.origin.where,
      },
    );
  });
  return { own: { ...root, entries }, parents };
}
