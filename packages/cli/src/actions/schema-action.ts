import { experimentJsonSchema } from "@unshift/core";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { printJson } from "../output/print.js";

export async function schemaAction(args: { readonly experiment?: string | undefined }): Promise<void> {
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
  printJson(experimentJsonSchema(registry));
}
