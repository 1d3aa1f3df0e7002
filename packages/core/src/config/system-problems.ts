import { type ConfigNode, childOf, nodeAt, originAt } from "./config-node.js";
import type { ConfigPath } from "./experiment.js";
import type { ShapeProblem } from "./problem.js";

/**
 * Which keys of a system belong together: a model with a strategy answers here, or answered elsewhere (`answers` beside them);
 * `answers` alone is a system of which nothing else is known.
 */
export function systemProblems(root: ConfigNode): ShapeProblem[] {
  const systems = nodeAt(root, ["systems"]);
  if (systems?.kind !== "map") return [];
  return [...systems.entries].flatMap(([id, { node }]) => (node.kind === "map" ? problemsOf(root, id, node) : []));
}

function problemsOf(root: ConfigNode, id: string, system: ConfigNode): ShapeProblem[] {
  const at: ConfigPath = ["systems", id];
  const problem = (path: ConfigPath, message: string, hint: string): ShapeProblem => ({
    code: "CONFIG_INVALID",
    message,
    where: originAt(root, path).where,
    hint,
  });
  const has = (key: string) => childOf(system, key) !== undefined;
  const lacking = ["model", "strategy"].filter((key) => !has(key));
  if (!hasAnswers(system)) {
    return lacking.map((key) => ({
      ...problem(at, `missing key "${key}" in systems.${id}.`, `systems.${id}.${key}: ${meanings[key] ?? ""}`),
      missing: [...at, key],
    }));
  }
  if (lacking.length === 1) {
    const [missing = ""] = lacking;
    const given = missing === "model" ? "strategy" : "model";
    return [
      {
        ...problem(
          [...at, given],
          `systems.${id} gives answers made elsewhere and a ${given}, but no ${missing}.`,
          "Write both, so that the answers are compared under the prompt they were given to, or neither, where only the answers are known.",
        ),
        missing: [...at, missing],
      },
    ];
  }
  if (lacking.length === 2 && has("decoding")) {
    return [
      problem(
        [...at, "decoding"],
        `systems.${id} has no model, only answers made elsewhere: nothing is decoded, so \`decoding\` means nothing.`,
        "Remove `decoding`, or write the `model` and the `strategy` the answers came from.",
      ),
    ];
  }
  return [];
}

const meanings: Readonly<Record<string, string>> = {
  model: "Id of a model. A system of which only the answers are known has `answers` instead.",
  strategy: "How a sample becomes a prompt: an id, or `use` with the strategy's options.",
};

/** Whether a system's answers come from a file; null takes back what an extended file wrote. */
function hasAnswers(system: ConfigNode): boolean {
  const answers = childOf(system, "answers");
  return answers !== undefined && !(answers.kind === "scalar" && answers.value === null);
}

/** Whether only the answers of a system are known: it has no model, so nothing can be read under it. */
export function isRecorded(system: ConfigNode | undefined): boolean {
  return (
    system !== undefined &&
    hasAnswers(system) &&
    childOf(system, "model") === undefined &&
    childOf(system, "strategy") === undefined
  );
}
