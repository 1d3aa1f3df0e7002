import type { Contribution, JsonObject, PluginContext, PluginKind } from "@unshift/contracts";

/** A loaded contribution with its owner. */
export interface Registered {
  readonly kind: PluginKind;
  readonly id: string;
  /** npm name and version of the package that brings it. */
  readonly owner: { readonly name: string; readonly version: string };
  // biome-ignore lint/suspicious/noExplicitAny: options are checked by the contribution's own schema
  readonly contribution: Contribution<unknown, any>;
}

/**
 * All contributions of a run, kept in a tsyringe child container as factories under their kind's token and id.
 * Only this folder and the cli know tsyringe.
 */
export interface PluginRegistry {
  /** Sorted by kind, then id. */
  list(): readonly Registered[];
  /** Throws PLUGIN_UNKNOWN_ID with what is there and the nearest name. */
  find(kind: PluginKind, id: string, where?: import("@unshift/contracts").Where): Registered;
  /**
   * Checks `options` against the contribution's schema (PLUGIN_OPTIONS, placed at the offending key) and gives them back with
   * defaults; does not create anything.
   */
  checkOptions(
    kind: PluginKind,
    use: import("../config/experiment.js").Use,
    where: (path: readonly (string | number)[]) => import("@unshift/contracts").Where,
  ): Promise<JsonObject>;
  /**
   * Checks, then creates through the container. PLUGIN_CREATE_FAILED where the factory threw anything but a coded error. With
   * `secrets: "unread"` options that are `writeOnly` stay names of variables: for what is made and never asked.
   */
  create<Thing>(
    kind: PluginKind,
    use: import("../config/experiment.js").Use,
    where: (path: readonly (string | number)[]) => import("@unshift/contracts").Where,
    context: Omit<PluginContext, "resolvePath"> & { readonly secrets?: "unread" },
  ): Promise<Thing>;
  /** JSON Schema of a contribution's options, for `explain` and `schema`; null where its schema cannot tell. */
  optionsJsonSchema(registered: Registered): JsonObject | null;
  readonly plugins: readonly { readonly name: string; readonly version: string }[];
}
