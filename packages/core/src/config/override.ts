import { type ErrorCode, UnshiftError, type Where } from "@unshift/contracts";
import { type ConfigNode, type MapNode, type Origin, toJson } from "./config-node.js";
import { expandShortForms } from "./expand-short-forms.js";
import { parseValue } from "./parse-config.js";
import { describe, didYouMean, listed } from "./wording.js";

/** Maps whose keys a person chooses. `--set` reaches into what is there; a whole new entry is given as a map. */
const namedMaps: readonly string[] = ["models", "systems", "judgeEngines"];

/**
 * The tree with `a.b.c=value` laid over it. The value is read as YAML; nothing after `=` is the empty string. Paths in it start
 * from `cwd`. Throws USAGE (no `=`), CONFIG_SYNTAX (the value), CONFIG_UNKNOWN_KEY (a name or an index that is not there).
 */
export function override(root: MapNode, assignment: string, flag: string, cwd: string): MapNode {
  const equals = assignment.indexOf("=");
  const where: Where = { file: `${flag} ${shown(assignment, equals)}` };
  if (equals <= 0) {
    throw new UnshiftError(
      "USAGE",
      `--set takes key=value (systems.urial.decoding.temperature=0.5), found ${JSON.stringify(assignment)}.`,
      { where },
    );
  }
  const keys = assignment.slice(0, equals).trim();
  // YAML refuses this key too: as a property name it would reach every object.
  if (keys.split(".").includes("__proto__")) {
    throw new UnshiftError("CONFIG_UNKNOWN_KEY", `unknown key "__proto__" in ${JSON.stringify(keys)}.`, { where });
  }
  const value = parseValue(assignment.slice(equals + 1), { file: where.file, folder: cwd });
  return overrideAt(root, keys, value);
}

/** The assignment as errors show it: without the value where the name says that it is a secret. */
function shown(assignment: string, equals: number): string {
  const keys = assignment.slice(0, Math.max(0, equals));
  return /(?:key|token|secret|password)$/i.test(keys.trim()) ? `${keys}=…` : assignment;
}

/** The same with a value at hand: `dataset.limit` from `--limit`. */
export function overrideAt(root: MapNode, keys: string, value: ConfigNode): MapNode {
  const changed = expandShortForms(place(root, keys.split("."), [], value));
  return changed.kind === "map" ? changed : root;
}

function place(node: ConfigNode, steps: readonly string[], done: readonly string[], value: ConfigNode): ConfigNode {
  if (steps.length === 0) return value;
  const { origin } = value;
  const at = done.length === 0 ? "the experiment" : done.join(".");
  if (node.kind === "list") {
    const [step = "", ...rest] = steps;
    const item = /^\d+$/.test(step) ? node.items[Number(step)] : undefined;
    if (item === undefined) {
      const there = node.items.length === 0 ? "it is empty" : `its items are 0 to ${node.items.length - 1}`;
      throw refuse("CONFIG_UNKNOWN_KEY", `${at} is a list and has no item "${step}": ${there}.`, origin);
    }
    return {
      ...node,
      items: node.items.map((each) => (each === item ? place(item, rest, [...done, step], value) : each)),
    };
  }
  if (node.kind === "scalar" && node.value !== null) {
    throw refuse(
      "CONFIG_UNKNOWN_KEY",
      `${at} is ${describe(toJson(node))} and has no key "${steps.join(".")}".`,
      origin,
    );
  }
  const entries = node.kind === "map" ? node.entries : new Map<string, never>();
  const taken = longestKey(entries, steps);
  const key = steps.slice(0, taken).join(".");
  const rest = steps.slice(taken);
  const below = entries.get(key);
  if (below === undefined && rest.length > 0 && done.length === 1 && namedMaps.includes(done[0] ?? "")) {
    const names = [...entries.keys()];
    throw refuse(
      "CONFIG_UNKNOWN_KEY",
      `unknown key "${key}" in ${at}. Allowed: ${listed(names)}.${didYouMean(key, names)}`,
      origin,
    );
  }
  const child = below?.node ?? { kind: "map", entries: new Map(), origin };
  const entry = {
    key: rest.length === 0 || below === undefined ? origin : below.key,
    node: place(child, rest, [...done, key], value),
  };
  return { kind: "map", entries: new Map([...entries, [key, entry]]), origin: node.origin };
}

/** Ids may hold dots (`llama-2.7b`): the longest run of steps that is a key here, else one step. */
function longestKey(entries: ReadonlyMap<string, unknown>, steps: readonly string[]): number {
  for (let count = steps.length; count > 1; count -= 1) {
    if (entries.has(steps.slice(0, count).join("."))) return count;
  }
  return 1;
}

function refuse(code: ErrorCode, message: string, origin: Origin): UnshiftError {
  return new UnshiftError(code, message, { where: origin.where });
}
