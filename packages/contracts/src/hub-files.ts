/** A repository on the Hugging Face hub at a revision. */
export interface HubRepo {
  readonly type: "model" | "dataset";
  /** `owner/name`. */
  readonly name: string;
  /** Branch, tag or commit; `main` where nobody chose. */
  readonly revision: string;
}

/** A file of the hub, now on this machine. */
export interface HubFile {
  /** Absolute path in the cache; read it, never write it. */
  readonly path: string;
  /** Commit the revision stood for: what pins the content. */
  readonly commit: string;
}

/** Files of a repository at one commit. */
export interface HubListing {
  readonly commit: string;
  /** Paths inside the repository, sorted. */
  readonly files: readonly string[];
}

/** Files of the Hugging Face hub through the cache that Python's tools use too. Throws HUB_…, ABORTED. */
export interface HubFiles {
  /** Path of a file, downloaded and checked where the cache does not hold it. */
  fetch(repo: HubRepo, file: string, signal: AbortSignal): Promise<HubFile>;
  /** What the repository holds. */
  list(repo: HubRepo, signal: AbortSignal): Promise<HubListing>;
}
