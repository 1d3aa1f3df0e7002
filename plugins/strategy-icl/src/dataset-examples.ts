import { createHash } from "node:crypto";
import { type PluginContext, UnshiftError } from "@unshift/contracts";
import { ChosenExamples } from "./chosen-examples.js";
import type { ExampleSet, NamedDataset } from "./example.js";

/**
 * Questions with answers of a dataset's train part: of the experiment's own, or of one named with its options.
 *
 * @throws EXAMPLES_NONE and whatever the dataset throws; DATASET_DUPLICATE_ID where two examples share an id
 */
export async function datasetExamples(source: "dataset" | NamedDataset, context: PluginContext): Promise<ExampleSet> {
  if (context.examples === undefined) {
    throw new UnshiftError("EXAMPLES_NONE", "examples of a dataset are asked for, and there are no datasets here");
  }
  const { examples, provenance } = await context.examples(source === "dataset" ? source : optionsApart(source));
  const chosen = new ChosenExamples();
  const ids = new Set<string>();
  const digest = createHash("sha256");
  for await (const { id, instruction, output } of examples) {
    if (ids.has(id)) {
      throw new UnshiftError("DATASET_DUPLICATE_ID", `two examples of the dataset have the id ${JSON.stringify(id)}`);
    }
    ids.add(id);
    digest.update(`${JSON.stringify([id, instruction, output])}\n`);
    chosen.add({ id, instruction, output });
  }
  return { ...chosen.all(), sha256: digest.digest("hex"), source: provenance };
}

function optionsApart({ use, ...options }: NamedDataset) {
  return { use, options };
}
