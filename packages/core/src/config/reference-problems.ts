import type { ErrorCode, Json } from "@unshift/contracts";
import { type ConfigNode, childOf, nodeAt, originAt, stringsOf } from "./config-node.js";
import type { ModelGroups } from "./expand-checkpoints.js";
import type { ConfigPath } from "./experiment.js";
import { modelSource } from "./model-source.js";
import { isOption } from "./option-places.js";
import type { Problem } from "./problem.js";
import { mentionsVariable } from "./secrets.js";
import { isRecorded } from "./system-problems.js";
import { didYouMean, dotted, listed } from "./wording.js";

interface Expansion {
  readonly groups: ModelGroups;
  /** False where a matrix could not be written out, so that systems may be missing. */
  readonly complete: boolean;
}

/**
 * What the shape of a file cannot say: that names refer to something, that nothing is there twice. Works on the tree, so that it
 * finds its faults beside faults of shape; what has the wrong type is left to those.
 */
export function referenceProblems(
  root: ConfigNode,
  builtinModels: Readonly<Record<string, string>>,
  { groups, complete }: Expansion,
): Problem[] {
  const problems: Problem[] = [];
  const report = (path: ConfigPath, code: ErrorCode, message: string, hint?: string) =>
    problems.push({ code, message, where: originAt(root, path).where, hint });
  const text = (path: ConfigPath): string | undefined => {
    const value = scalarAt(root, path);
    return typeof value === "string" ? value : undefined;
  };
  const refer = (path: ConfigPath, what: "model" | "system", names: readonly string[]) => {
    const name = text(path);
    // Without the map there is one fault, its absence, and not one at each name.
    if (name === undefined || names.includes(name) || nodeAt(root, [`${what}s`])?.kind !== "map") return;
    // A wildcard that is still one waits for other faults to be mended.
    if (what === "system" && (!complete || name.includes("*"))) return;
    const checkpoints = what === "model" ? groups.get(name) : undefined;
    if (checkpoints !== undefined) {
      report(
        path,
        "CONFIG_UNKNOWN_REFERENCE",
        `${dotted(path)} names the model "${name}", which stands for its checkpoints; a system has one of them. Allowed: ${listed(checkpoints)}.`,
        "A matrix takes the model by its own id and makes a system of each checkpoint.",
      );
      return;
    }
    report(
      path,
      "CONFIG_UNKNOWN_REFERENCE",
      `${dotted(path)} names the ${what} "${name}", which the experiment does not define. Allowed: ${listed(names)}.${didYouMean(name, names)}`,
    );
  };
  const once = (paths: readonly ConfigPath[], what: string, hint?: string) => {
    const seen = new Set<Json>();
    for (const path of paths) {
      const value = scalarAt(root, path);
      if (value === undefined) continue;
      if (seen.has(value))
        report(path, "CONFIG_INVALID", `${dotted(path)}: ${what} "${value}" is there twice. Keep one of them.`, hint);
      seen.add(value);
    }
  };

  const models = keysAt(root, ["models"]);
  for (const id of models) {
    const source = text(["models", id, "path"]);
    if (source === undefined || source === "" || mentionsVariable(source)) continue;
    const resolved = modelSource(source, "/", builtinModels);
    if ("code" in resolved)
      report(["models", id, "path"], resolved.code, `models.${id}.path: ${resolved.message}`, resolved.hint);
  }

  const systems = keysAt(root, ["systems"]);
  if (nodeAt(root, ["systems"])?.kind === "map" && systems.length === 0 && complete) {
    report(
      ["systems"],
      "CONFIG_INVALID",
      "systems is empty: an experiment needs at least one. For example: base: { model: base, strategy: zero-shot }",
    );
  }
  for (const id of systems) refer(["systems", id, "model"], "model", models);

  const pairs = new Set<string>();
  for (const [index] of itemsAt(root, ["shifts"]).entries()) {
    const path = ["shifts", index];
    refer([...path, "answers"], "system", systems);
    const answers = text([...path, "answers"]);
    for (const [position] of itemsAt(root, [...path, "subjects"]).entries()) {
      const at = [...path, "subjects", position];
      refer(at, "system", systems);
      const subject = text(at);
      if (subject !== undefined && isRecorded(nodeAt(root, ["systems", subject]))) {
        report(
          at,
          "CONFIG_INVALID",
          `${dotted(at)} names "${subject}", of which only the answers are known: without a model there is nothing to read other answers under.`,
          `Only a system with a model can be a subject; the answers of "${subject}" can stand under \`answers\`.`,
        );
      }
      if (answers === undefined || subject === undefined || subject.includes("*")) continue;
      const pair = JSON.stringify([answers, subject]);
      if (subject === answers) {
        report(
          at,
          "CONFIG_INVALID",
          `${dotted(at)}: the answers of "${answers}" are compared with "${answers}" itself, where nothing can shift. Name another system.`,
        );
      } else if (pairs.has(pair)) {
        report(
          at,
          "CONFIG_INVALID",
          `${dotted(at)}: the answers of "${answers}" are compared with "${subject}" twice. Keep one of them.`,
        );
      }
      pairs.add(pair);
    }
  }

  judgeProblems(root, systems, models, report);

  once(judgeNames(root), "the judge", "Two judges of one kind need an `id` each.");
  once(
    itemsAt(root, ["plugins"]).map((_, index) => ["plugins", index]),
    "the plugin",
  );
  once(
    itemsAt(root, ["report", "formats"]).map((_, index) => ["report", "formats", index]),
    "the format",
  );
  once(
    itemsAt(root, ["dataset", "ids"]).map((_, index) => ["dataset", "ids", index]),
    "the sample",
  );

  for (const { value, path } of stringsOf(root)) {
    if (!mentionsVariable(value) || isOption(path)) continue;
    report(
      path,
      "CONFIG_SECRET",
      `${dotted(path)} is ${JSON.stringify(value)}, but variables are filled in only in options of plugins, where a secret is needed.`,
      "Write the value itself, or pass it with --set.",
    );
  }
  return problems;
}

/** Judge engines, systems and models that judges name. */
function judgeProblems(
  root: ConfigNode,
  systems: readonly string[],
  models: readonly string[],
  report: (path: ConfigPath, code: ErrorCode, message: string, hint?: string) => void,
): void {
  const engines = keysAt(root, ["judgeEngines"]);
  const refer = (path: ConfigPath, what: string, names: readonly string[], hint?: string) => {
    const name = scalarAt(root, path);
    if (typeof name !== "string" || names.includes(name)) return;
    const message = `${dotted(path)} names the ${what} "${name}", which the experiment does not define. Allowed: ${listed(names)}.${didYouMean(name, names)}`;
    report(path, "CONFIG_UNKNOWN_REFERENCE", message, hint);
  };
  for (const [index, judge] of itemsAt(root, ["judges"]).entries()) {
    refer(
      ["judges", index, "engine"],
      "judge engine",
      engines,
      "`judgeEngines: { it: { use: openai, model: … } }` defines one.",
    );
    const pairs = childOf(judge, "pairs");
    const named = new Set<string>();
    for (const [pair] of (pairs?.kind === "list" ? pairs.items : []).entries()) {
      const at = ["judges", index, "pairs", pair];
      for (const side of [0, 1]) refer([...at, side], "system", systems);
      const [one, other] = [scalarAt(root, [...at, 0]), scalarAt(root, [...at, 1])];
      if (typeof one !== "string" || typeof other !== "string") continue;
      // A judge is asked in both orders anyway: the other way round a pair is the same one.
      const key = JSON.stringify([one, other].toSorted());
      if (one === other) {
        report(at, "CONFIG_INVALID", `${dotted(at)} puts "${one}" beside itself. Name another system.`);
      } else if (named.has(key)) {
        report(
          at,
          "CONFIG_INVALID",
          `${dotted(at)} puts "${one}" and "${other}" side by side again. Keep one of them.`,
        );
      }
      named.add(key);
    }
  }
  for (const id of engines) {
    if (scalarAt(root, ["judgeEngines", id, "use"]) === "local") refer(["judgeEngines", id, "model"], "model", models);
  }
}

/** A judge goes by its `id`, else by its `use`. */
function judgeNames(root: ConfigNode): ConfigPath[] {
  return itemsAt(root, ["judges"]).map((judge, index) => [
    "judges",
    index,
    childOf(judge, "id") === undefined ? "use" : "id",
  ]);
}

function scalarAt(root: ConfigNode, path: ConfigPath): Json | undefined {
  const node = nodeAt(root, path);
  return node?.kind === "scalar" ? node.value : undefined;
}

function keysAt(root: ConfigNode, path: ConfigPath): string[] {
  const node = nodeAt(root, path);
  return node?.kind === "map" ? [...node.entries.keys()] : [];
}

function itemsAt(root: ConfigNode, path: ConfigPath): readonly ConfigNode[] {
  const node = nodeAt(root, path);
  return node?.kind === "list" ? node.items : [];
}
