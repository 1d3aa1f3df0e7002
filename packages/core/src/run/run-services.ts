import type { HubFiles } from "@unshift/contracts";
import type { StoreOpener } from "@unshift/contracts/services";
import type { PluginRegistry } from "../plugins/plugin-registry.js";
import type { RunEvents } from "./run-events.js";

/** What a run works with; the cli puts it together. */
export interface RunServices {
  readonly registry: PluginRegistry;
  readonly store: StoreOpener;
  readonly events: RunEvents;
  readonly signal: AbortSignal;
  /** The Hugging Face hub for `hf:` models and datasets. */
  readonly hub?: HubFiles | undefined;
  /** Embedded models by the name after `builtin:`. */
  readonly builtinModels: Readonly<Record<string, string>>;
  /** Folder for what outlives runs: indexes over corpora. */
  readonly cacheFolder: string;
  readonly unshiftVersion: string;
  /** Machine facts for the manifest. */
  readonly machine: Readonly<Record<string, string | number>>;
  now(): Date;
  log(level: "debug" | "info" | "warn", message: string): void;
}
