import { type ConfigNode, childOf, type Entry, type MapNode, nodeAt, type ScalarNode } from "./config-node.js";
import { type Problem, placeText } from "./problem.js";

/** Models that stand for several: id → ids of its checkpoints. */
export type ModelGroups = ReadonlyMap<string, readonly string[]>;

const placeholder = "{checkpoint}";

/**
 * Every model with `checkpoints` written out: `base` with 1000 and 2000 becomes `base.1000` and `base.2000`, which share all but
 * the path. What has the wrong shape is left to the check of shapes.
 */
export function expandCheckpoints(root: MapNode): {
  readonly root: MapNode;
  readonly groups: ModelGroups;
  readonly problems: readonly Problem[];
} {
  const models = nodeAt(root, ["models"]);
  const written = root.entries.get("models");
  if (models?.kind !== "map" || written === undefined) return { root, groups: new Map(), problems: [] };
  const groups = new Map<string, string[]>();
  const problems: Problem[] = [];
  const entries = new Map<string, Entry>();
  const put = (id: string, entry: Entry) => {
    const there = entries.get(id);
    if (there === undefined) entries.set(id, entry);
    else {
      problems.push({
        code: "CONFIG_INVALID",
        message: `two models are called "${id}": this one and the one at ${placeText(there.key.where, entry.key.where)}. Rename one of them.`,
        where: entry.key.where,
      });
    }
  };
  for (const [id, entry] of models.entries) {
    const checkpoints = childOf(entry.node, "checkpoints");
    if (entry.node.kind !== "map" || checkpoints === undefined || checkpoints.kind === "scalar") {
      problems.push(...pathProblems(id, entry));
      put(id, entry);
      continue;
    }
    problems.push(...templateProblems(id, entry.node, checkpoints));
    const members = membersOf(entry.node, checkpoints);
    groups.set(
      id,
      members.map(({ name }) => `${id}.${name}`),
    );
    for (const { name, path, at, key } of members) {
      const settings = [...entry.node.entries].filter(([setting]) => setting !== "checkpoints" && setting !== "path");
      const own = new Map([["path", { key: at, node: path }], ...settings]);
      put(`${id}.${name}`, { key, node: { ...entry.node, entries: own } });
    }
  }
  const expanded = new Map(root.entries).set("models", { ...written, node: { ...models, entries } });
  return { root: { ...root, entries: expanded }, groups, problems };
}

interface Member {
  readonly name: string;
  readonly path: ScalarNode;
  /** Where the path is written. */
  readonly at: Entry["key"];
  readonly key: Entry["key"];
}

function membersOf(model: MapNode, checkpoints: Exclude<ConfigNode, ScalarNode>): Member[] {
  if (checkpoints.kind === "map") {
    return [...checkpoints.entries].flatMap(([name, { key, node }]) =>
      node.kind === "scalar" ? [{ name, path: node, at: key, key }] : [],
    );
  }
  const entry = model.entries.get("path");
  if (entry?.node.kind !== "scalar" || typeof entry.node.value !== "string") return [];
  const { key: at, node: path } = entry;
  const template = entry.node.value;
  return checkpoints.items.flatMap((item) => {
    if (item.kind !== "scalar") return [];
    const name = String(item.value);
    return [{ name, path: { ...path, value: template.replaceAll(placeholder, name) }, at, key: item.origin }];
  });
}

function templateProblems(id: string, model: MapNode, checkpoints: ConfigNode): Problem[] {
  const path = model.entries.get("path");
  const at = model.entries.get("checkpoints")?.key ?? model.origin;
  const fault = (message: string, { where } = at): Problem => ({ code: "CONFIG_INVALID", message, where });
  if (checkpoints.kind === "map") {
    if (checkpoints.entries.size === 0) return [fault(`models.${id}.checkpoints is empty. Name at least one.`)];
    if (path === undefined) return [];
    return [
      fault(
        `models.${id} gives a path beside checkpoints that have paths of their own. Keep one of them; a path with ${placeholder} in it goes with a list of names.`,
        path.key,
      ),
    ];
  }
  const template = path?.node.kind === "scalar" ? path.node.value : undefined;
  if (path === undefined || template === undefined) {
    return [
      fault(`models.${id} lists checkpoints but has no path. Write path: ./model-${placeholder}.gguf beside them.`),
    ];
  }
  if (typeof template === "string" && !template.includes(placeholder)) {
    return [
      fault(
        `models.${id}.path has no ${placeholder}, so all its checkpoints would be the same file. For example: path: ./model-${placeholder}.gguf`,
        path.key,
      ),
    ];
  }
  return [];
}

/** A placeholder that nothing is put for. */
function pathProblems(id: string, { node }: Entry): Problem[] {
  const path = node.kind === "map" ? node.entries.get("path") : undefined;
  if (
    path?.node.kind !== "scalar" ||
    childOf(node, "checkpoints") !== undefined ||
    !String(path.node.value).includes(placeholder)
  )
    return [];
  return [
    {
      code: "CONFIG_INVALID",
      message: `models.${id}.path holds ${placeholder}, but the model lists no checkpoints. For example: checkpoints: [1000, 2000]`,
      where: path.key.where,
    },
  ];
}
