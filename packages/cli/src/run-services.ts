import { arch, cpus, platform, release, totalmem } from "node:os";
import type { PluginRegistry, RunServices } from "@unshift/core";
import { createHub, hubSettings } from "@unshift/hub";
import { createStore } from "@unshift/store";
import { builtinModels } from "@unshift/tiny-models";
import { cacheFolder } from "./cache-folder.js";
import { tell } from "./output/print.js";
import { downloadProgress } from "./progress/download-progress.js";
import { plainEvents } from "./progress/plain-events.js";
import { terminalEvents } from "./progress/terminal-events.js";
import { version } from "./version.js";

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
