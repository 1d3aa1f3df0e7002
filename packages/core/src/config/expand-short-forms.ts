import type { ConfigNode, Entry, MapNode, ScalarNode } from "./config-node.js";
import { usePlaces } from "./option-places.js";

/** Where a bare string is short for a map: `strategy: chat` for `strategy: { use: chat }`. `[]` is an index, `*` that or a key. */
const places: readonly { readonly at: readonly string[]; readonly key: string }[] = [
  { at: ["models", "*"], key: "path" },
  { at: ["decoding"], key: "preset" },
  { at: ["residency"], key: "mode" },
  { at: ["systems", "*", "decoding"], key: "preset" },
  { at: ["matrix", "decoding", "*"], key: "preset" },
  { at: ["matrix", "[]", "decoding", "*"], key: "preset" },
  ...usePlaces.map(({ at }) => ({ at, key: "use" })),
];

/** Writes short forms out, each value keeping its place. Everything after this knows the long form only. */
export function expandShortForms(root: ConfigNode): ConfigNode {
  return places.reduce((node, place) => expand(node, place.at, place.key), root);
}

function expand(node: ConfigNode, at: readonly string[], key: string): ConfigNode {
  const [step, ...rest] = at;
  if (step === undefined) {
    return node.kind === "scalar" && typeof node.value === "string" ? longForm(node, key) : node;
  }
  if (node.kind === "list")
    return step === "*" || step === "[]" ? { ...node, items: node.items.map((item) => expand(item, rest, key)) } : node;
  if (node.kind !== "map") return node;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of node.entries) {
    entries.set(name, step === "*" || step === name ? { ...entry, node: expand(entry.node, rest, key) } : entry);
  }
  return { ...node, entries };
}

/** `dataset: hf:OWNER/NAME@REVISION` → `{ use: hf, repo: OWNER/NAME, revision: REVISION }`. */
const hubDataset = /^hf:([^@\s]+)(?:@(\S+))?$/;

function longForm(node: ScalarNode, key: string): MapNode {
  const [, repo, revision] = (key === "use" && hubDataset.exec(String(node.value))) || [];
  if (repo !== undefined) {
    const entry = (name: string, value: string): [string, Entry] => [
      name,
      { key: node.origin, node: { ...node, value } },
    ];
    const parts = [entry("use", "hf"), entry("repo", repo), ...(revision ? [entry("revision", revision)] : [])];
    return { kind: "map", entries: new Map(parts), origin: node.origin };
  }
  return { kind: "map", entries: new Map([[key, { key: node.origin, node }]]), origin: node.origin };
}
