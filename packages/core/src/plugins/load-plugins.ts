import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Plugin, type PluginContext, pluginKinds, UnshiftError, type Where } from "@unshift/contracts";
import type { ConfigPath, Experiment } from "../config/experiment.js";
import { ContainerRegistry } from "./container-registry.js";
import { importPlugin } from "./import-plugin.js";
import { kindNames } from "./kind-names.js";
import { type LocatedPlugin, locatePlugin } from "./locate-plugin.js";
import type { PluginRegistry, Registered } from "./plugin-registry.js";
import { pluginOf } from "./plugin-shape.js";

export interface LoadPluginsOptions {
  /** Plugins that come with Unshift, already imported. */
  readonly builtin: readonly { readonly plugin: Plugin; readonly version: string }[];
  /** `plugins:` of the experiment. */
  readonly listed?: Experiment["plugins"];
  /** Places of the experiment; needed where plugins are listed. */
  readonly where?: (path: ConfigPath) => Where;
  readonly log?: PluginContext["log"];
}

interface Loaded {
  readonly plugin: Plugin;
  readonly version: string;
  readonly where: Where | undefined;
}

/**
 * Loads the listed plugins, checks them and the built-in ones, and registers what they offer. Nothing is created.
 * Throws PLUGIN_NOT_FOUND, PLUGIN_IMPORT_FAILED, PLUGIN_INVALID, PLUGIN_CONTRACT_VERSION, PLUGIN_CLASH, placed at the list's entry.
 */
export async function loadPlugins(options: LoadPluginsOptions): Promise<PluginRegistry> {
  const loaded: Loaded[] = options.builtin.map(({ plugin, version }) => ({
    plugin: pluginOf({ default: plugin }, { name: plugin.name }),
    version,
    where: undefined,
  }));
  // One after the other: a plugin's output while it is imported stays in order, and the first fault in the file is told.
  for (const { name, path, folder } of options.listed ?? []) {
    const where = options.where?.(path) ?? { file: folder };
    const located = await locatePlugin(name, folder, where);
    const plugin = pluginOf(await importPlugin(name, located, where), { name, where });
    requireOwnName(plugin, located, where);
    const version = located.package?.version ?? (await contentVersion(located.file));
    options.log?.("debug", `plugin ${plugin.name} ${version} from ${located.file}`);
    loaded.push({ plugin, version, where });
  }
  return new ContainerRegistry(
    loaded.map(({ plugin, version }) => ({ name: plugin.name, version })),
    contributionsOf(loaded),
  );
}

function contributionsOf(loaded: readonly Loaded[]): Registered[] {
  const owners = new Map<string, Registered>();
  for (const { plugin, version, where } of loaded) {
    const owner = { name: plugin.name, version };
    for (const kind of pluginKinds) {
      for (const [id, contribution] of Object.entries(plugin[kind] ?? {})) {
        const key = `${kind}:${id}`;
        const first = owners.get(key)?.owner;
        if (first !== undefined) {
          throw new UnshiftError(
            "PLUGIN_CLASH",
            `two plugins offer the ${kindNames[kind]} "${id}": ${first.name} ${first.version} and ${owner.name} ${owner.version}.`,
            { where, hint: "List one of them only, or ask an author for an id with a namespace of its own." },
          );
        }
        owners.set(key, { kind, id, owner, contribution });
      }
    }
  }
  return [...owners.values()];
}

/** Owners are told by name in errors and manifests, so a package cannot go by another's. */
function requireOwnName(plugin: Plugin, located: LocatedPlugin, where: Where): void {
  if (located.package === null || located.package.name === plugin.name) return;
  throw new UnshiftError(
    "PLUGIN_INVALID",
    `plugin "${located.package.name}": its \`name\` is "${plugin.name}". Wanted: the name of its package, "${located.package.name}".`,
    {
      where,
    },
  );
}

/** A file has no version, so its content is one. */
async function contentVersion(file: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  return `sha256-${hash.slice(0, 12)}`;
}
