/**
 * Builds llama.cpp's own server from the pinned tree, for the tests of judge endpoints:
 * `node native/scripts/build-llama-server.mjs`. Result: build/llama-server/bin/llama-server. The product does not need it.
 *
 *   UNSHIFT_JOBS=n   parallel compilations (default: all cores)
 *
 * CPU only, static, without its web page, and without OpenSSL, so it asks nobody for anything. CMake uses ccache where it is.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { requireBuildTools, runs } from "./prerequisites.mjs";
import { vendor } from "./vendor.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "build", "llama-server");

/** Where the server lies once it is built. */
export const llamaServer = join(folder, "bin", process.platform === "win32" ? "llama-server.exe" : "llama-server");

const options = {
  CMAKE_BUILD_TYPE: "Release",
  BUILD_SHARED_LIBS: "OFF",
  // The processor that runs the tests may be another one than built them, as where CI keeps the folder.
  GGML_NATIVE: "OFF",
  LLAMA_BUILD_APP: "OFF",
  LLAMA_BUILD_EXAMPLES: "OFF",
  LLAMA_BUILD_TESTS: "OFF",
  LLAMA_BUILD_UI: "OFF",
  LLAMA_USE_PREBUILT_UI: "OFF",
  LLAMA_OPENSSL: "OFF",
};

/** @param {string[]} args */
function cmake(args) {
  const program = "cmake";
  const run = spawnSync(program, args, { stdio: ["ignore", process.stderr, "inherit"], windowsHide: true });
  if (run.error) throw run.error;
  if (run.status !== 0)
    throw new Error(`cmake ${args.join(" ")} ended with ${run.signal ?? `exit code ${run.status}`}`);
}

/** Builds what changed; with nothing changed it takes a second. */
export function buildLlamaServer() {
  requireBuildTools();
  const source = vendor();
  mkdirSync(folder, { recursive: true });
  const fresh = !existsSync(join(folder, "CMakeCache.txt"));
  const generator = fresh && runs("ninja") ? ["-G", "Ninja"] : [];
  cmake([
    ...["-S", source, "-B", folder, ...generator, "--log-level=WARNING"],
    ...Object.entries(options).map(([name, value]) => `-D${name}=${value}`),
  ]);
  const jobs = process.env["UNSHIFT_JOBS"] || String(availableParallelism());
  cmake(["--build", folder, "--config", "Release", "--target", "llama-server", "--parallel", jobs]);
  if (!existsSync(llamaServer)) throw new Error(`The build ended without ${llamaServer}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    buildLlamaServer();
    console.log(`built ${llamaServer}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
