/**
 * Builds llama.cpp's own programs and native/bench, for tests and the benchmark; the product does not need them:
 * `node native/scripts/build-llama-tools.mjs llama-server llama-perplexity`. Result: build/bin/<name>, printed one a line.
 *
 * Programs: llama-server, llama-perplexity, llama-bench, ggml-rpc-server (not with UNSHIFT_RPC=0), unshift-core-bench. They are targets
 * of the addon's own build tree and link its llama.cpp: same flags, same backend, nothing compiled twice. The environment variables are build.mjs's.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "./build.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "build");

const tools = ["llama-server", "llama-perplexity", "llama-bench", "ggml-rpc-server", "unshift-core-bench"];

/** Where a program lies once it is built. @param {string} name */
export function llamaTool(name) {
  return join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

/** @param {string[]} args */
function cmake(args) {
  const program = "cmake";
  const run = spawnSync(program, args, { stdio: ["ignore", process.stderr, "inherit"], windowsHide: true });
  if (run.error) throw run.error;
  if (run.status !== 0)
    throw new Error(`cmake ${args.join(" ")} ended with ${run.signal ?? `exit code ${run.status}`}`);
}

/** Builds what changed, the addon first; with nothing changed it takes a second. @param {readonly string[]} names */
export function buildLlamaTools(names) {
  const unknown = names.filter((name) => !tools.includes(name));
  if (unknown.length > 0 || names.length === 0)
    throw new Error(`Programs to build: ${tools.join(", ")}; found ${unknown.join(", ") || "none"}.`);
  if (names.includes("ggml-rpc-server") && process.env["UNSHIFT_RPC"] === "0")
    throw new Error("ggml-rpc-server needs the RPC backend, which UNSHIFT_RPC=0 leaves out.");
  build();
  cmake([
    "-S",
    join(folder, ".."),
    "-B",
    folder,
    "-DUNSHIFT_BUILD_LLAMA_TOOLS=ON",
    "-DUNSHIFT_BUILD_BENCH=ON",
    "--log-level=WARNING",
  ]);
  const jobs = process.env["UNSHIFT_JOBS"] || String(availableParallelism());
  cmake(["--build", folder, "--config", "Release", "--target", ...names, "--parallel", jobs]);
  for (const name of names)
    if (!existsSync(llamaTool(name))) throw new Error(`The build ended without ${llamaTool(name)}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const names = process.argv.slice(2);
    buildLlamaTools(names);
    console.log(names.map(llamaTool).join("\n"));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
