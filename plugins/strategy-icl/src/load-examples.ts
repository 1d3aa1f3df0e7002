import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";
import type { ExampleSet } from "./example.js";
import { readExamples } from "./read-examples.js";

/** The examples that come with the package. */
export const builtinExamples = "builtin:plain";

/**
 * Reads the examples an option names: {@link builtinExamples}, or a path relative to the file that holds the option.
 *
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID
 */
export async function loadExamples(
  name: string,
  context: Pick<PluginContext, "resolvePath" | "log">,
): Promise<ExampleSet> {
  if (name.startsWith("builtin:") && name !== builtinExamples) {
    throw new UnshiftError("DATASET_NOT_FOUND", `there are no examples "${name}"`, {
      hint: `The examples that come along are "${builtinExamples}"; a file of one's own is named by its path.`,
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
  const set = readExamples(bytes, String(file));
  const { empty, duplicate, withInput } = set.leftOut;
  if (empty + duplicate + withInput > 0) {
    context.log(
      "warn",
      `the examples "${name}": ${set.examples.length} used; left out ${empty} with an empty text, ${duplicate} with an instruction that stood before, ${withInput} with an input of their own`,
    );
  }
  return set;
}
