import type { JsonObject } from "@unshift/contracts";
import { z } from "zod";
import { type ConfigNode, nodeAt, originAt, toJson } from "./config-node.js";
import { expectation, keysOf, schemaAt } from "./expectation.js";
import type { ConfigPath } from "./experiment.js";
import { writtenSchemas } from "./experiment-schema.js";
import { idPattern } from "./id-pattern.js";
import type { ShapeProblem } from "./problem.js";
import { residencyProblems } from "./residency-problems.js";
import { systemProblems } from "./system-problems.js";
import { describe, didYouMean, dotted, listed, nearest } from "./wording.js";

const jsonSchemas = {
  block: z.toJSONSchema(writtenSchemas.block, { io: "input" }) as JsonObject,
  blocks: z.toJSONSchema(writtenSchemas.blocks, { io: "input" }) as JsonObject,
};

/** Everything that is wrong with the shape of an experiment as written. */
export function shapeProblems(root: ConfigNode): ShapeProblem[] {
  const form = nodeAt(root, ["matrix"])?.kind === "list" ? "blocks" : "block";
  const result = writtenSchemas[form].safeParse(toJson(root));
  const issues = result.success ? [] : result.error.issues;
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, root, jsonSchemas[form])),
    ...systemProblems(root),
    ...residencyProblems(root),
    ...missingOf(root),
  ];
  return problems.filter((problem) => !problems.some((other) => explains(other, problem)));
}

/** Keys of which one of two is needed. */
function missingOf(root: ConfigNode): ShapeProblem[] {
  const models = nodeAt(root, ["models"]);
  const unplaced = [...(models?.kind === "map" ? models.entries : [])].filter(
    ([, { node }]) => node.kind === "map" && !node.entries.has("path") && !node.entries.has("checkpoints"),
  );
  const answering = ["systems", "matrix"].some((key) => nodeAt(root, [key]) !== undefined);
  return [
    ...unplaced.map(([id]) => missingKey(["models", id, "path"], root)),
    ...(answering ? [] : [missingKey(["systems"], root)]),
  ];
}

/** `modle:` says already that `model` is missing; `answer:`, that the system may need neither model nor strategy. */
function explains(unknown: ShapeProblem, missing: ShapeProblem): boolean {
  if (unknown.meant === undefined || missing.missing === undefined) return false;
  const instead = unknown.meant.at(-1) === "answers" ? [...missing.missing.slice(0, -1), "answers"] : missing.missing;
  return dotted(unknown.meant) === dotted(instead);
}

function problemsOf(issue: z.core.$ZodIssue, root: ConfigNode, jsonSchema: JsonObject): ShapeProblem[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const where = originAt(root, path).where;
  const schema = schemaAt(jsonSchema, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path, root, jsonSchema));
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
  if (node === undefined) return [missingKey(path, root, hint)];
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

function missingKey(path: ConfigPath, root: ConfigNode, hint?: string): ShapeProblem {
  return {
    code: "CONFIG_INVALID",
    message: `missing key "${String(path.at(-1))}" in ${dotted(path.slice(0, -1))}.${sketch(path)}`,
    where: originAt(root, path).where,
    hint,
    missing: path,
  };
}

function unknownKey(key: string, path: ConfigPath, root: ConfigNode, jsonSchema: JsonObject): ShapeProblem {
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
