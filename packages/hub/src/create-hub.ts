import {
  type HubFile,
  type HubFiles,
  type HubListing,
  type HubRepo,
  isUnshiftError,
  UnshiftError,
} from "@unshift/contracts";
import { CachedRepo, commitPattern, isFile } from "./cache-layout.js";
import { download } from "./download.js";
import { withDownloadLock } from "./download-lock.js";
import { fileFacts, refusal } from "./file-facts.js";
import { type ClientOptions, HubClient } from "./hub-client.js";
import { type HubSettings, hubSettings } from "./hub-settings.js";
import { checkFile, checkRepo, nameOf } from "./repo-text.js";

/** A download under way. */
export interface HubProgress {
  readonly repo: HubRepo;
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface HubOptions extends Partial<HubSettings>, Partial<ClientOptions> {
  readonly onProgress?: (progress: HubProgress) => void;
}

/**
 * The hub as the environment names it (HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE), `options` on top. Nothing
 * is asked or written before a file is wanted.
 */
export function createHub(options: HubOptions = {}): HubFiles {
  const settings: HubSettings = { ...hubSettings(process.env), ...given(options) };
  return new Hub(settings, options);
}

class Hub implements HubFiles {
  readonly #settings: HubSettings;
  readonly #options: HubOptions;
  #client: HubClient | undefined;

  constructor(settings: HubSettings, options: HubOptions) {
    this.#settings = { ...settings, endpoint: settings.endpoint.replace(/\/+$/, "") };
    this.#options = options;
  }

  async fetch(repo: HubRepo, file: string, signal: AbortSignal): Promise<HubFile> {
    checkRepo(repo);
    checkFile(file);
    const cached = new CachedRepo(this.#settings.cacheDir, repo);
    if (this.#settings.offline || commitPattern.test(repo.revision)) {
      const commit = await cached.commit();
      const path = commit === null ? null : await cached.find(commit, file);
      if (commit !== null && path !== null) return { path, commit };
      if (this.#settings.offline) throw this.#notCached(`${file} of ${nameOf(repo)}`);
    }
    const client = this.#connect();
    const facts = await fileFacts(client, this.#settings.endpoint, repo, file, signal, () => this.#names(repo, signal));
    const { commit, etag } = facts;
    let path = await cached.find(commit, file);
    if (path === null) {
      const blob = cached.blob(etag);
      await withDownloadLock(`${blob}.unshift.lock`, signal, async () => {
        if (await isFile(blob)) return;
        await download(client, facts, blob, signal, (doneBytes) =>
          this.#options.onProgress?.({ repo, file, doneBytes, totalBytes: facts.sizeBytes }),
        );
      });
      path = await cached.link(etag, commit, file);
    }
    await cached.rememberCommit(commit);
    return { path, commit };
  }

  async list(repo: HubRepo, signal: AbortSignal): Promise<HubListing> {
    checkRepo(repo);
    const cached = new CachedRepo(this.#settings.cacheDir, repo);
    if (this.#settings.offline || commitPattern.test(repo.revision)) {
      const commit = await cached.commit();
      const files = commit === null ? null : await cached.listing(commit);
      if (commit !== null && files !== null) return { commit, files };
      if (this.#settings.offline) throw this.#notCached(`the list of files of ${nameOf(repo)}`);
    }
    const client = this.#connect();
    const json = (response: Response) => client.json(response, nameOf(repo));
    const api = `${this.#settings.endpoint}/api/${repo.type}s/${repo.name}`;
    const understood = [401, 403, 404];
    const ask = async (url: string) => {
      const response = await client.send({ method: "GET", url, leaveHost: false, signal, understood });
      if (response.status >= 300) throw await refusal(client, repo, response, null, async () => []);
      return response;
    };
    const about = await json(await ask(`${api}/revision/${encodeURIComponent(repo.revision)}`));
    const commit = textAt(about, "sha");
    if (!commitPattern.test(commit))
      throw new UnshiftError("HUB_RESPONSE", `the hub names no commit of ${nameOf(repo)}`);
    const files: string[] = [];
    for (let url: string | null = `${api}/tree/${commit}?recursive=true`; url !== null; ) {
      const response: Response = await ask(url);
      const page = await json(response);
      if (!Array.isArray(page))
        throw new UnshiftError("HUB_RESPONSE", `the hub gave no list of files of ${nameOf(repo)}`);
      files.push(...page.filter((entry) => textAt(entry, "type") === "file").map((entry) => textAt(entry, "path")));
      const next: string | undefined = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
      url = next === undefined ? null : new URL(next, url).href;
    }
    files.sort();
    await cached.rememberListing(commit, files);
    await cached.rememberCommit(commit);
    return { commit, files };
  }

  /** Names for a hint; none where they cannot be had. */
  async #names(repo: HubRepo, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return (await this.list(repo, signal)).files;
    } catch (error) {
      if (isUnshiftError(error) && error.code !== "ABORTED") return [];
      throw error;
    }
  }

  #connect(): HubClient {
    this.#client ??= new HubClient(this.#settings, {
      fetch: this.#options.fetch ?? fetch,
      timeoutMs: this.#options.timeoutMs ?? 30_000,
      retryDelayMs: this.#options.retryDelayMs ?? 500,
      tries: this.#options.tries ?? 5,
      longestWaitMs: this.#options.longestWaitMs ?? 120_000,
    });
    return this.#client;
  }

  #notCached(what: string): UnshiftError {
    return new UnshiftError("HUB_OFFLINE", `${what} is not in the cache, and the network is not used (offline)`, {
      where: { file: this.#settings.cacheDir },
      hint: "`unshift pull` fetches it where there is a network; HF_HUB_CACHE names another cache.",
    });
  }
}

function textAt(value: unknown, key: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found : "";
}

/** The settings among the options that have a value. */
function given(options: HubOptions): Partial<HubSettings> {
  const { endpoint, token, cacheDir, offline } = options;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(token === undefined ? {} : { token }),
    ...(cacheDir === undefined ? {} : { cacheDir }),
    ...(offline === undefined ? {} : { offline }),
  };
}
