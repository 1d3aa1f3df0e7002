import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";
import { datasetExamples } from "./dataset-examples.js";
import type { ExampleSet, ExampleSource } from "./example.js";
import { readExamples } from "./read-examples.js";

/** The examples that come with the package. */
export const builtinExamples = "builtin:plain";

/**
 * The examples an option names: {@link builtinExamples}, a path relative to the file that holds the option, `dataset` (the train part
 * of the experiment's own) or that of another dataset.
 *
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID, EXAMPLES_NONE
 */
export async function loadExamples(source: ExampleSource, context: PluginContext): Promise<ExampleSet> {
  const set =
    source === "dataset" || typeof source !== "string"
      ? await datasetExamples(source, context)
      : await fileExamples(source, context);
  const { empty, duplicate, withInput } = set.leftOut;
  if (empty + duplicate + withInput > 0) {
    context.log(
      "warn",
      `the examples "${typeof source === "string" ? source : source.use}": ${set.examples.length} used; left out ${empty} with an empty text, ${duplicate} with an instruction that stood before, ${withInput} with an input of their own`,
    );
  }
  return set;
}

async function fileExamples(name: string, context: PluginContext): Promise<ExampleSet> {
  if (name.startsWith("builtin:") && name !== builtinExamples) {
    throw new UnshiftError("DATASET_NOT_FOUND", `there are no examples "${name}"`, {
      hint: `The examples that come along are "${builtinExamples}"; a file of one's own is named by its path, the train part of the dataset by "dataset".`,
    });
  }
  const file = name === builtinExamples ? new URL("../../data/plain.json", import.meta.url) : context.resolvePath(name);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnshiftError("DATASET_NOT_FOUND", `the examples "${name}" cannot be read (${reason}): ${String(file)}`, {
      hint: `Paths are relative to the file that names them. The examples that come along are "${builtinExamples}".`,
      cause,
    });
  }
  return readExamples(bytes, String(file));
}
