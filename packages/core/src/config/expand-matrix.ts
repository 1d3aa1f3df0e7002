import {
  type ConfigNode,
  childOf,
  type Entry,
  type MapNode,
  nodeAt,
  originAt,
  type ScalarNode,
} from "./config-node.js";
import type { ModelGroups } from "./expand-checkpoints.js";
import type { ConfigPath } from "./experiment.js";
import { matrixBlocks } from "./name-axes.js";
import { type Problem, placeText } from "./problem.js";
import { didYouMean, dotted, listed } from "./wording.js";

/** More systems than anybody compares: a slip in an axis. */
const maxCells = 10_000;

/** A value of an axis, with what a cell's entry takes from it. */
interface AxisValue {
  readonly name: string;
  readonly entry: Entry;
}

type Axes = Readonly<Record<"model" | "strategy" | "decoding", readonly AxisValue[]>>;
const axisKeys = ["model", "strategy", "decoding"] as const;

/**
 * The matrix written out as systems: `MODEL.STRATEGY`, and `MODEL.STRATEGY.DECODING` where that axis is written, so that one more
 * value on an axis renames no cell. Expects a tree whose shape is right, axes named, checkpoints expanded. Every value of a
 * cell keeps the place of the axis that wrote it.
 */
export function expandMatrix(
  root: MapNode,
  groups: ModelGroups,
): { readonly root: MapNode; readonly problems: readonly Problem[] } {
  const matrix = root.entries.get("matrix");
  if (matrix === undefined) return { root, problems: [] };
  const problems: Problem[] = [];
  const systems = nodeAt(root, ["systems"]);
  const cells = new Map(systems?.kind === "map" ? systems.entries : []);
  let count = 0;
  for (const path of matrixBlocks(root)) {
    const { axes, faults } = axesOf(root, path, groups);
    const sizes = axisKeys.map((key) => axes[key].length).filter((size, index) => index < 2 || size > 0);
    count += sizes.reduce((product, size) => product * size, 1);
    if (count > maxCells) {
      faults.push({
        code: "CONFIG_INVALID",
        message: `${dotted(path)} asks for ${sizes.join(" × ")} systems; with it the matrix holds ${count}, and at most ${maxCells} are allowed.`,
        where: originAt(root, path).where,
        hint: "Split the experiment, or leave cells to another one.",
      });
    }
    problems.push(...faults);
    if (faults.length > 0) continue;
    const excluded = exclusionsOf(root, path, axes, groups, problems);
    let kept = 0;
    for (const cell of cellsOf(axes)) {
      if (excluded(cell)) continue;
      kept += 1;
      const id = cell.map(({ name }) => name).join(".");
      const [model] = cell;
      const there = cells.get(id);
      if (there !== undefined && model !== undefined) {
        const { where } = model.entry.key;
        problems.push({
          code: "CONFIG_INVALID",
          message: `the matrix makes a system "${id}", which is there already: ${placeText(there.key.where, where)}. Rename one of them, or exclude the cell.`,
          where,
        });
        continue;
      }
      const entries = new Map(cell.map(({ entry }, axis) => [axisKeys[axis] ?? "", entry]));
      const origin = model?.entry.key ?? originAt(root, path);
      cells.set(id, { key: origin, node: { kind: "map", entries, origin } });
    }
    if (kept === 0) {
      problems.push({
        code: "CONFIG_INVALID",
        message: `${dotted(path)} has no cell left: \`exclude\` takes all of them away.`,
        where: originAt(root, [...path, "exclude"]).where,
      });
    }
  }
  const entries = new Map(root.entries);
  entries.delete("matrix");
  const key = root.entries.get("systems")?.key ?? matrix.key;
  entries.set("systems", { key, node: { kind: "map", entries: cells, origin: systems?.origin ?? matrix.node.origin } });
  return { root: { ...root, entries }, problems };
}

function* cellsOf(axes: Axes): Generator<readonly AxisValue[]> {
  for (const model of axes.model) {
    for (const strategy of axes.strategy) {
      if (axes.decoding.length === 0) yield [model, strategy];
      for (const decoding of axes.decoding) yield [model, strategy, decoding];
    }
  }
}

function axesOf(root: MapNode, path: ConfigPath, groups: ModelGroups): { axes: Axes; faults: Problem[] } {
  const faults: Problem[] = [];
  const defined = nodeAt(root, ["models"]);
  const names = defined?.kind === "map" ? [...defined.entries.keys()] : [];
  const models = new Map<string, AxisValue>();
  for (const [index, item] of namesIn(nodeAt(root, [...path, "model"])).entries()) {
    const written = String(item.value);
    const at = dotted([...path, "model", index]);
    const ids = groups.get(written) ?? (names.includes(written) ? [written] : null);
    if (ids === null) {
      const known = [...groups.keys(), ...names];
      faults.push({
        code: "CONFIG_UNKNOWN_REFERENCE",
        message: `${at} names the model "${written}", which the experiment does not define. Allowed: ${listed(known)}.${didYouMean(written, known)}`,
        where: item.origin.where,
      });
      continue;
    }
    for (const id of ids) {
      if (models.has(id)) {
        const where = item.origin.where;
        faults.push({
          code: "CONFIG_INVALID",
          message: `${at}: the model "${id}" is there twice. Keep one of them.`,
          where,
        });
      }
      models.set(id, { name: id, entry: { key: item.origin, node: { ...item, value: id } } });
    }
  }
  const named = (key: "strategy" | "decoding"): AxisValue[] => {
    const axis = nodeAt(root, [...path, key]);
    if (axis?.kind !== "map") return [];
    if (axis.entries.size === 0) {
      const where = originAt(root, [...path, key]).where;
      faults.push({
        code: "CONFIG_INVALID",
        message: `${dotted([...path, key])} is empty. Give it a value, or remove it.`,
        where,
      });
    }
    return [...axis.entries].map(([name, entry]) => ({ name, entry }));
  };
  return { axes: { model: [...models.values()], strategy: named("strategy"), decoding: named("decoding") }, faults };
}

/** Whether a cell is left out: it fits every axis that one entry of `exclude` names. */
function exclusionsOf(
  root: MapNode,
  path: ConfigPath,
  axes: Axes,
  groups: ModelGroups,
  problems: Problem[],
): (cell: readonly AxisValue[]) => boolean {
  const list = nodeAt(root, [...path, "exclude"]);
  const rules = (list?.kind === "list" ? list.items : []).map((item, index) => {
    const wanted = axisKeys.map((axis) => {
      const asked = childOf(item, axis);
      if (asked === undefined) return null;
      const known = axes[axis].map(({ name }) => name);
      return new Set(
        namesIn(asked).flatMap((name, position) => {
          const text = String(name.value);
          const meant = (axis === "model" ? groups.get(text) : undefined) ?? [text];
          const found = meant.filter((each) => known.includes(each));
          if (found.length === 0) {
            const at = dotted([...path, "exclude", index, axis, position]);
            const there = known.length === 0 ? "the axis is not written" : `allowed: ${listed(known)}`;
            problems.push({
              code: "CONFIG_UNKNOWN_REFERENCE",
              message: `${at} is "${text}", which is no ${axis} of this matrix (${there}).${didYouMean(text, known)}`,
              where: name.origin.where,
            });
          }
          return found;
        }),
      );
    });
    if (wanted.every((names) => names === null)) {
      const where = item.origin.where;
      problems.push({
        code: "CONFIG_INVALID",
        message: `${dotted([...path, "exclude", index])} names no axis.`,
        where,
      });
    }
    return wanted;
  });
  return (cell) =>
    rules.some(
      (wanted) =>
        wanted.some((names) => names !== null) &&
        wanted.every((names, axis) => names === null || names.has(cell[axis]?.name ?? "")),
    );
}

function namesIn(node: ConfigNode | undefined): ScalarNode[] {
  return node?.kind === "list" ? node.items.filter((item) => item.kind === "scalar") : [];
}
