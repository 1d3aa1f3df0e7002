import type { Embedder, Pooling } from "./embedder.js";

/** What a strategy works with while it prepares itself for a model. */
export interface Preparation {
  readonly signal: AbortSignal;
  /** Folder of this machine that outlives runs, for what is dear to compute. What lies there must say what it is valid for. */
  readonly cacheFolder: string;
  /**
   * An embedder, open until the run ends. `system`: the model the strategy is prepared for; else `path`, an absolute path,
   * `hf:OWNER/REPO/FILE.gguf[@REVISION]` or `builtin:NAME`. `pooling: null` takes the model file's own.
   * Throws EMBEDDING_UNSUPPORTED, MODEL_…, HUB_….
   */
  embedder(
    source: { readonly model: "system" } | { readonly path: string },
    pooling: Pooling | null,
  ): Promise<Embedder>;
  /** Tells people how far it is: `label` says what is done, `total` how many there are. */
  progress(label: string, done: number, total: number): void;
  /** A remark people should see beside the figures; kept in the run's manifest. */
  note(message: string): void;
}
