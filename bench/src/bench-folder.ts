import { join, resolve } from "node:path";

/** Where the bench model and peers are kept: `UNSHIFT_BENCH_DIR`, else `bench` in the cache folder of the product. Absolute. */
export function benchFolder(env: NodeJS.ProcessEnv, cacheFolder: string): string {
  const own = env["UNSHIFT_BENCH_DIR"];
  return own === undefined || own === "" ? join(cacheFolder, "bench") : resolve(own);
}
