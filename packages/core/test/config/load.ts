import { join } from "node:path";
import { isUnshiftError, type UnshiftError } from "@unshift/contracts";
import type { ExecutionContext } from "ava";
import type { LoadedExperiment, LoadOptions } from "../../src/config/experiment.js";
import { loadExperiment } from "../../src/config/load-experiment.js";
import { writeFiles } from "./write-files.js";

export const builtinModels = { "tiny-base": "/embedded/tiny-base.gguf", "tiny-aligned": "/embedded/tiny-aligned.gguf" };

/** The smallest experiment. */
export const smallest = `models:
  base: { path: "builtin:tiny-base" }
dataset: builtin
systems:
  zero-shot: { model: base, strategy: zero-shot }
`;

/** Loads `experiment.yaml` of a folder. */
export function loadFrom(folder: string, options: Partial<LoadOptions> = {}): Promise<LoadedExperiment> {
  return loadExperiment("experiment.yaml", { cwd: folder, builtinModels, ...options });
}

/** Loads a text as `experiment.yaml` in a folder of its own. */
export async function loadText(
  t: ExecutionContext,
  text: string,
  options: Partial<LoadOptions> = {},
): Promise<LoadedExperiment> {
  return loadFrom(await writeFiles(t, { "experiment.yaml": text }), options);
}

/** The coded error a promise rejects with; anything else fails the test. */
export async function faultOf(t: ExecutionContext, promise: Promise<unknown>): Promise<UnshiftError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isUnshiftError(thrown)) return thrown;
  t.fail(thrown instanceof Error ? thrown.stack : "nothing was thrown");
  throw thrown;
}

/** `12:5`, or the whole place where the file is not the experiment's. */
export function placeOf(error: UnshiftError, folder?: string): string {
  const { file = "", line, column } = error.where ?? {};
  const name =
    folder === undefined || file === join(folder, "experiment.yaml") ? "" : `${file.replace(`${folder}/`, "")}:`;
  return line === undefined ? (name === "" ? file : name.slice(0, -1)) : `${name}${line}:${column}`;
}
