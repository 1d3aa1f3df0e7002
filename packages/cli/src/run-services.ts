import { arch, cpus, platform, release, totalmem } from "node:os";
import {
  type LoadedExperiment,
  loadExperiment,
  loadPlugins,
  type PluginRegistry,
  type RunServices,
} from "@unshift/core";
import { createHub, hubSettings } from "@unshift/hub";
import { createStore } from "@unshift/store";
import { builtinModels } from "@unshift/tiny-models";
import { builtinPlugins } from "./builtin-plugins.js";
import { cacheFolder } from "./cache-folder.js";
import { tell } from "./output/print.js";
import { downloadProgress } from "./progress/download-progress.js";
import { plainEvents } from "./progress/plain-events.js";
import { terminalEvents } from "./progress/terminal-events.js";
import { version } from "./version.js";

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

/** Puts together what a run works with. Call `stop` before anything is printed. */
export function runServices(
  registry: PluginRegistry,
  options: { readonly verbose: boolean; readonly signal: AbortSignal; readonly offline?: boolean | undefined },
): RunServices & { stop(): void } {
  const events = process.stderr.isTTY ? terminalEvents() : plainEvents();
  return {
    registry,
    store: createStore(),
    events,
    signal: options.signal,
    hub: createHub({
      offline: options.offline === true || hubSettings(process.env).offline,
      onProgress: downloadProgress(),
    }),
    builtinModels,
    cacheFolder: cacheFolder(process.env),
    unshiftVersion: version,
    machine: {
      platform: platform(),
      arch: arch(),
      release: release(),
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      logicalCores: cpus().length,
      memoryBytes: totalmem(),
    },
    now: () => new Date(),
    log: (level, message) => {
      if (options.verbose || level === "warn") {
        tell(`${level}: ${message}`);
      }
    },
    stop: () => events.stop(),
  };
}
