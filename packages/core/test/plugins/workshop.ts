import { cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Plugin, type PluginContext, UnshiftError } from "@unshift/contracts";
import type { ExecutionContext } from "ava";
import type { LoadedExperiment, Use } from "../../src/config/experiment.js";
import { loadPlugins } from "../../src/plugins/load-plugins.js";
import type { PluginRegistry } from "../../src/plugins/plugin-registry.js";
import { loadFrom, smallest } from "../config/load.js";
import { writeFiles } from "../config/write-files.js";

/** Line 6 of the experiment lists the plugins; the first name stands at column 11. */
export function listing(...names: readonly string[]): string {
  return `${smallest}plugins: [${names.map((name) => JSON.stringify(name)).join(", ")}]\n`;
}

export const strategyBuild =
  "() => ({ build: () => ({ text: '', parseSpecial: false, bos: 'auto', staticChars: 0, stop: [], provenance: {} }) })";

/** Source of a plugin with one strategy. */
export function pluginSource(
  parts: { readonly name?: string; readonly contract?: string; readonly id?: string } = {},
): string {
  const { name = "unshift-acme", contract = "^1", id = "acme/plain" } = parts;
  return `export default { name: "${name}", contract: "${contract}", strategies: { "${id}": { summary: "Plain.", create: ${strategyBuild} } } };\n`;
}

export interface Loading {
  readonly folder: string;
  readonly loaded: LoadedExperiment;
  readonly registry: PluginRegistry;
}

/** Writes an experiment beside other files and loads it with its plugins. */
export async function load(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  builtin: readonly Plugin[] = [],
): Promise<Loading> {
  return loadIn(await writeFiles(t, files), builtin);
}

export async function loadIn(folder: string, builtin: readonly Plugin[] = []): Promise<Loading> {
  const loaded = await loadFrom(folder);
  const registry = await loadPlugins({
    builtin: builtin.map((plugin) => ({ plugin, version: "0.1.0" })),
    listed: loaded.experiment.plugins,
    where: loaded.where,
  });
  return { folder, loaded, registry };
}

/** Puts a copy of one of our dependencies into a folder's `node_modules`. */
export async function installCopy(folder: string, name: string): Promise<void> {
  const home = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const target = join(folder, "node_modules", name);
  await mkdir(dirname(target), { recursive: true });
  await cp(home, target, {
    recursive: true,
    dereference: true,
    filter: (path) => !/\.(ts|cts|mts|map|md)$/.test(path),
  });
}

export function strategyOf({ loaded }: Loading, index = 0): Use {
  const system = loaded.experiment.systems[index];
  if (system === undefined) throw new UnshiftError("INTERNAL", `no system ${index}`);
  return system.strategy;
}

export const context: Omit<PluginContext, "resolvePath"> = { log: () => {}, signal: new AbortController().signal };
