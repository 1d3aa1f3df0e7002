import { type Dataset, type Example, type JsonObject, type PluginContext, UnshiftError } from "@unshift/contracts";
import type { LoadedExperiment, Use } from "../config/experiment.js";
import type { RunServices } from "./run-services.js";

type Examples = NonNullable<PluginContext["examples"]>;

/** What strategies get to ask for the train parts of datasets. `own` gives the experiment's dataset. */
export function datasetExamples(
  loaded: LoadedExperiment,
  services: RunServices,
  own: () => Promise<Dataset>,
): (asking: Use) => Examples {
  const where = loaded.where.bind(loaded);
  const { registry, log, signal, hub } = services;
  return (asking) => async (source) => {
    const name = source === "dataset" ? loaded.experiment.dataset.use : source.use;
    // Paths in the options are relative to the file that asks; faults point at the strategy, whose option it is.
    const dataset =
      source === "dataset"
        ? await own()
        : await registry.create<Dataset>(
            "datasets",
            { ...asking, use: source.use, options: source.options },
            () => where(asking.path),
            { log, signal, hub },
          );
    const { examples, provenance } = dataset;
    if (examples === undefined) {
      throw new UnshiftError("EXAMPLES_NONE", `the dataset "${name}" has no examples to learn from`, {
        where: where(asking.path),
        hint: "A train part is an option of `files` and `hf`; a file of examples can be named instead.",
      });
    }
    return {
      examples: each(() => examples.call(dataset, signal)),
      provenance: { use: name, ...(provenance ?? {}) } satisfies JsonObject,
    };
  };
}

async function* each(open: () => AsyncIterable<Example> | Iterable<Example>): AsyncIterable<Example> {
  yield* open();
}
