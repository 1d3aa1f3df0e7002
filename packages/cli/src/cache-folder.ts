import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where indexes over corpora are kept: `UNSHIFT_CACHE`, else `unshift` below `XDG_CACHE_HOME` or `~/.cache`. Absolute. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env["UNSHIFT_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const shared = env["XDG_CACHE_HOME"];
  return resolve(shared === undefined || shared === "" ? join(homedir(), ".cache") : shared, "unshift");
}
