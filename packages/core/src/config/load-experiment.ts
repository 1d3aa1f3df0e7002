import { resolve } from "node:path";
import type { Where } from "@unshift/contracts";
import { type ConfigNode, type MapNode, originAt, toJson } from "./config-node.js";
import { expandCheckpoints } from "./expand-checkpoints.js";
import { expandMatrix } from "./expand-matrix.js";
import { expandWildcards } from "./expand-wildcards.js";
import type { ConfigPath, LoadedExperiment, LoadOptions } from "./experiment.js";
import { experimentSchema } from "./experiment-schema.js";
import { nameAxes } from "./name-axes.js";
import { override, overrideAt } from "./override.js";
import { type Problem, throwProblems } from "./problem.js";
import { readExtended } from "./read-extended.js";
import { referenceProblems } from "./reference-problems.js";
import { deepFreeze, resolveExperiment } from "./resolve-experiment.js";
import { shapeProblems } from "./shape-problems.js";

/**
 * Reads an experiment file: YAML, what it extends, then `--set`, `--sample`, `--limit` and `--output`, and only
 * then writes checkpoints, matrix and wildcards out; checks all of it; gives every default.
 * Model files are not touched and plugins' options not checked.
 *
 * Throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_EXTENDS, CONFIG_UNKNOWN_KEY, CONFIG_INVALID, CONFIG_UNKNOWN_REFERENCE,
 * CONFIG_SECRET and USAGE, placed in the file (or option) that wrote the fault; faults beside the first stand in its message.
 */
export async function loadExperiment(file: string, options: LoadOptions): Promise<LoadedExperiment> {
  const absolute = resolve(options.cwd, file);
  const config = await readExtended(absolute);
  const named = nameAxes(overridden(config.root, options));
  const shape = [...shapeProblems(named.root), ...named.problems];
  const { root, groups, problems, complete } = expanded(named.root, shape.length === 0);
  const { builtinModels, cwd } = options;
  const references = referenceProblems(root, builtinModels, { groups, complete });
  throwProblems([...shape.filter((problem) => !isOverruled(problem, references)), ...problems, ...references]);
  const input = experimentSchema.parse(toJson(root));
  const experiment = resolveExperiment(input, { root, file: absolute, cwd, builtinModels });
  const where = (path: ConfigPath): Where => originAt(root, path).where;
  return Object.freeze({ experiment: deepFreeze(experiment), file: absolute, text: config.text, where });
}

/**
 * Checkpoints, matrix and wildcards written out, each as far as what it stands on is right. `complete`: the systems are all that
 * the file means.
 */
function expanded(written: MapNode, sound: boolean) {
  const models = expandCheckpoints(written);
  if (!sound || models.problems.length > 0) {
    const complete = !written.entries.has("matrix");
    return { root: models.root, groups: models.groups, problems: models.problems, complete };
  }
  const matrix = expandMatrix(models.root, models.groups);
  if (matrix.problems.length > 0) {
    return { root: matrix.root, groups: models.groups, problems: matrix.problems, complete: false };
  }
  const shifts = expandWildcards(matrix.root);
  return {
    root: shifts.root,
    groups: models.groups,
    problems: shifts.problems,
    complete: shifts.problems.length === 0,
  };
}

/** A variable where none may stand is no value of the wrong form. */
function isOverruled(problem: Problem, others: readonly Problem[]): boolean {
  return others.some(
    ({ code, where }) =>
      code === "CONFIG_SECRET" &&
      where.file === problem.where.file &&
      where.line === problem.where.line &&
      where.column === problem.where.column,
  );
}

function overridden(root: MapNode, options: LoadOptions): MapNode {
  let changed = root;
  for (const assignment of options.set ?? []) changed = override(changed, assignment, "--set", options.cwd);
  const { samples = [] } = options;
  if (samples.length > 0) {
    const items = samples.map((id) => given(`--sample ${id}`, id, options.cwd));
    const origin = items[0]?.origin ?? changed.origin;
    changed = overrideAt(changed, "dataset.ids", { kind: "list", items, origin });
    // Whoever names samples wants all of them, not the first few that the file would keep.
    changed = overrideAt(changed, "dataset.limit", { kind: "scalar", value: null, origin });
  }
  if (options.limit !== undefined)
    changed = overrideAt(changed, "dataset.limit", given(`--limit ${options.limit}`, options.limit, options.cwd));
  if (options.output !== undefined)
    changed = overrideAt(changed, "output", given(`--output ${options.output}`, options.output, options.cwd));
  return changed;
}

function given(flag: string, value: string | number, folder: string): ConfigNode {
  return { kind: "scalar", value, origin: { where: { file: flag }, folder } };
}
