import { resolve } from "node:path";
import type { Where } from "@unshift/contracts";
import { type ConfigNode, type MapNode, originAt } from "./config-node.js";
import type { ConfigPath, LoadedExperiment, LoadOptions } from "./experiment.js";
import { override, overrideAt } from "./override.js";
import { type Problem, throwProblems } from "./problem.js";
import { readExtended } from "./read-extended.js";
import { referenceProblems } from "./reference-problems.js";
import { deepFreeze, resolveExperiment } from "./resolve-experiment.js";
import { checkShape } from "./shape-problems.js";

/**
 * Reads an experiment file: YAML, what it extends, then `--set`, `--limit` and `--output`; checks all of it; gives every default.
 * Model files are not touched and plugins' options not checked.
 *
 * Throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_EXTENDS, CONFIG_UNKNOWN_KEY, CONFIG_INVALID, CONFIG_UNKNOWN_REFERENCE,
 * CONFIG_SECRET and USAGE, placed in the file (or option) that wrote the fault; faults beside the first stand in its message.
 */
export async function loadExperiment(file: string, options: LoadOptions): Promise<LoadedExperiment> {
  const absolute = resolve(options.cwd, file);
  const config = await readExtended(absolute);
  const root = overridden(config.root, options);
  const shape = checkShape(root);
  const references = referenceProblems(root, options.builtinModels);
  if ("problems" in shape) {
    throwProblems([...shape.problems.filter((problem) => !isOverruled(problem, references)), ...references]);
    throw new Error("a shape without input has problems");
  }
  throwProblems(references);
  const { builtinModels, cwd } = options;
  const experiment = resolveExperiment(shape.input, { root, file: absolute, cwd, builtinModels });
  const where = (path: ConfigPath): Where => originAt(root, path).where;
  return Object.freeze({ experiment: deepFreeze(experiment), file: absolute, text: config.text, where });
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
  if (options.limit !== undefined)
    changed = overrideAt(changed, "dataset.limit", given(`--limit ${options.limit}`, options.limit, options.cwd));
  if (options.output !== undefined)
    changed = overrideAt(changed, "output", given(`--output ${options.output}`, options.output, options.cwd));
  return changed;
}

function given(flag: string, value: string | number, folder: string): ConfigNode {
  return { kind: "scalar", value, origin: { where: { file: flag }, folder } };
}
