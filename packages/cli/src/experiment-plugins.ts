import { type LoadedExperiment, loadExperiment, loadPlugins, type PluginRegistry } from "@unshift/core";
import { builtinModels } from "@unshift/tiny-models";
import { builtinPlugins } from "./builtin-plugins.js";

/** Options of every command that reads an experiment. */
export interface ExperimentArguments {
  readonly experiment: string;
  readonly set?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  /** Only these samples. */
  readonly samples?: readonly string[] | undefined;
  readonly output?: string | undefined;
  /** Use of the hub only what the cache holds. */
  readonly offline?: boolean | undefined;
}

/** Reads an experiment as the command line asks for it. */
export function readExperiment(args: ExperimentArguments): Promise<LoadedExperiment> {
  return loadExperiment(args.experiment, {
    set: args.set ?? [],
    limit: args.limit,
    samples: args.samples,
    output: args.output,
    builtinModels,
    cwd: process.cwd(),
  });
}

/** The registry with what comes with Unshift and what the experiment lists. */
export async function pluginRegistry(loaded: LoadedExperiment | null): Promise<PluginRegistry> {
  return loadPlugins({
    builtin: await builtinPlugins(),
    listed: loaded?.experiment.plugins ?? [],
    where: (path) => loaded?.where(path) ?? { file: "command line" },
  });
}
