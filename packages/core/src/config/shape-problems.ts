import type { JsonObject } from "@unshift/contracts";
import { z } from "zod";
import { type ConfigNode, nodeAt, originAt, toJson } from "./config-node.js";
import { expectation, keysOf, schemaAt } from "./expectation.js";
import type { ConfigPath } from "./experiment.js";
import { type ExperimentInput, experimentSchema } from "./experiment-schema.js";
import { idPattern } from "./id-pattern.js";
import type { Problem } from "./problem.js";
import { describe, didYouMean, dotted, listed, nearest } from "./wording.js";

const jsonSchema = z.toJSONSchema(experimentSchema, { io: "input" }) as JsonObject;

/** The tree as input of the experiment, or everything about its shape that is wrong. */
export function checkShape(root: ConfigNode): { readonly input: ExperimentInput } | { readonly problems: Problem[] } {
  const result = experimentSchema.safeParse(toJson(root));
  if (result.success) return { input: result.data };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, root));
  return { problems: problems.filter((problem) => !problems.some((other) => explains(other, problem))) };
}

interface ShapeProblem extends Problem {
  readonly missing?: ConfigPath;
  /** The key that an unknown one was most likely meant to be. */
  readonly meant?: ConfigPath;
}

/** `modle:` says already that `model` is missing. */
function explains(unknown: ShapeProblem, missing: ShapeProblem): boolean {
  return (
    unknown.meant !== undefined && missing.missing !== undefined && dotted(unknown.meant) === dotted(missing.missing)
  );
}

function problemsOf(issue: z.core.$ZodIssue, root: ConfigNode): ShapeProblem[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const where = originAt(root, path).where;
  const schema = schemaAt(jsonSchema, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path, root));
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    const rule = expectation({ type: "string", pattern: idPattern.source });
    return [
      {
        code: "CONFIG_INVALID",
        message: `${JSON.stringify(key)} cannot be an id in ${dotted(path.slice(0, -1))}. Allowed: ${rule}.`,
        where,
      },
    ];
  }
  const node = nodeAt(root, path);
  const hint = typeof schema?.description === "string" ? `${dotted(path)}: ${schema.description}` : undefined;
  if (node === undefined) {
    const parent = dotted(path.slice(0, -1));
    return [
      {
        code: "CONFIG_INVALID",
        message: `missing key "${String(path.at(-1))}" in ${parent}.${sketch(path)}`,
        where,
        hint,
        missing: path,
      },
    ];
  }
  const wanted = (schema === undefined ? null : expectation(schema)) ?? issue.message;
  const found = toJson(node);
  const names = Array.isArray(schema?.enum) ? schema.enum.filter((value) => typeof value === "string") : [];
  const meant = typeof found === "string" ? didYouMean(found, names) : "";
  return [
    {
      code: "CONFIG_INVALID",
      message: `${dotted(path)} must be ${wanted}, found ${describe(found)}.${meant}`,
      where,
      hint,
    },
  ];
}

function unknownKey(key: string, path: ConfigPath, root: ConfigNode): ShapeProblem {
  const allowed = keysOf(schemaAt(jsonSchema, path));
  // `extends` is taken out of every file before its shape is checked.
  const names = path.length === 0 ? ["extends", ...allowed] : allowed;
  const meant = nearest(key, names);
  return {
    ...(meant === null ? {} : { meant: [...path, meant] }),
    code: "CONFIG_UNKNOWN_KEY",
    message: `unknown key "${key}" in ${dotted(path)}. Allowed: ${listed(names)}.${didYouMean(key, names)}`,
    where: originAt(root, [...path, key]).where,
  };
}

/** What a missing key could look like. */
function sketch(path: ConfigPath): string {
  const example = {
    models: "models: { base: { path: ./base.gguf } }",
    dataset: "dataset: builtin",
    systems: "systems: { base: { model: base, strategy: zero-shot } }",
  }[String(path[0])];
  return path.length === 1 && example !== undefined ? ` For example: ${example}` : "";
}
