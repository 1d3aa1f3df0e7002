import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the hub is and where its files are kept. */
export interface HubSettings {
  /** `https://huggingface.co` or a mirror; no slash at the end. */
  readonly endpoint: string;
  /** Sent to the endpoint's own origin only; never stored or logged. */
  readonly token: string | null;
  /** Folder of `models--owner--name`, `datasets--owner--name`. */
  readonly cacheDir: string;
  /** Only what the cache holds. */
  readonly offline: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of the environment, as Python's `huggingface_hub` reads them. */
export function hubSettings(env: Environment): HubSettings {
  return {
    endpoint: (filled(env.HF_ENDPOINT) ?? "https://huggingface.co").replace(/\/+$/, ""),
    token: filled(env.HF_TOKEN) ?? null,
    cacheDir: cacheDirOf(env),
    offline: /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? ""),
  };
}

function cacheDirOf(env: Environment): string {
  const cache = filled(env.HF_HUB_CACHE) ?? filled(env.HUGGINGFACE_HUB_CACHE);
  if (cache !== undefined) return absolute(cache);
  const home = filled(env.HF_HOME) ?? join(filled(env.XDG_CACHE_HOME) ?? "~/.cache", "huggingface");
  return join(absolute(home), "hub");
}

function absolute(path: string): string {
  return resolve(path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path);
}

function filled(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === "" ? undefined : text;
}
