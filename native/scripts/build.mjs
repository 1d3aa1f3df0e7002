/**
 * Builds the addon: `node native/scripts/build.mjs`. Result: build/Release/unshift.node.
 *
 *   UNSHIFT_GPU=auto|off|cuda|metal|vulkan   backend (auto: Metal on macOS, CUDA where nvcc and cuBLAS are found, else CPU)
 *   UNSHIFT_RPC=0                            without llama.cpp's RPC backend
 *   UNSHIFT_CMAKE_ARGS="-DGGML_NATIVE=OFF …" more options for CMake
 *   UNSHIFT_JOBS=n                           parallel compilations (default: all cores)
 *
 * A second call with nothing changed takes well under a second: a stamp in the build folder remembers the inputs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { requireBuildTools, runs } from "./prerequisites.mjs";
import { llamaFolder, vendor } from "./vendor.mjs";

const native = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(native, "..");
const buildFolder = join(root, "build");
const product = join(buildFolder, "Release", "unshift.node");
const stampFile = join(buildFolder, "unshift.stamp");

const GPUS = ["auto", "off", "cuda", "metal", "vulkan"];

/** Every file the build reads, ours one by one; llama.cpp by its folder and commit. */
function inputs() {
  const files = [join(root, "CMakeLists.txt"), join(native, "CMakeLists.txt"), join(native, "package.json")];
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else files.push(path);
    }
  };
  walk(join(native, "src"));
  walk(join(native, "cmake"));
  return files.sort();
}

/** @param {Record<string, string>} options */
function stampOf(options) {
  const hash = createHash("sha256");
  for (const file of inputs())
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  const llama = llamaFolder();
  const head = join(llama, ".git", "HEAD");
  hash
    .update(llama)
    .update(existsSync(head) ? readFileSync(head) : String(statSync(join(llama, "CMakeLists.txt")).mtimeMs));
  hash.update(JSON.stringify(options));
  return hash.digest("hex");
}

function cmakeOptions() {
  const gpu = process.env["UNSHIFT_GPU"] || "auto";
  if (!GPUS.includes(gpu)) throw new Error(`UNSHIFT_GPU is "${gpu}"; it may be ${GPUS.join(", ")}.`);
  /** @type {Record<string, string>} */
  const options = { UNSHIFT_GPU: gpu, GGML_RPC: process.env["UNSHIFT_RPC"] === "0" ? "OFF" : "ON" };
  for (const extra of (process.env["UNSHIFT_CMAKE_ARGS"] ?? "").split(/\s+/).filter(Boolean)) {
    const match = /^-D([^=:]+)(?::[^=]*)?=(.*)$/.exec(extra);
    if (!match) throw new Error(`UNSHIFT_CMAKE_ARGS: "${extra}" is not of the form -DNAME=value.`);
    options[/** @type {string} */ (match[1])] = /** @type {string} */ (match[2]);
  }
  return options;
}

/** The generator the build folder was made with; changing it needs a fresh folder. */
function cachedGenerator() {
  const cache = join(buildFolder, "CMakeCache.txt");
  if (!existsSync(cache)) return null;
  return /^CMAKE_GENERATOR:INTERNAL=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1] ?? null;
}

/** @param {"configure" | "build"} step @param {string[]} args */
function cmakeJs(step, args) {
  const entry = createRequire(join(native, "package.json")).resolve("cmake-js/bin/cmake-js");
  const run = spawnSync(
    process.execPath,
    [entry, step, "--directory", root, "--out", buildFolder, "--config", "Release", ...args],
    {
      stdio: ["ignore", "inherit", "inherit"],
      cwd: root,
    },
  );
  if (run.status !== 0) throw Object.assign(new Error(`cmake-js ${step} failed.`), { step });
}

/** Builds if anything changed. Returns whether it did. */
export function build({ log = console.error } = {}) {
  const options = cmakeOptions();
  if (process.env["UNSHIFT_LLAMA_CPP_DIR"]) options["UNSHIFT_LLAMA_CPP_DIR"] = process.env["UNSHIFT_LLAMA_CPP_DIR"];
  const pinned = existsSync(join(llamaFolder(), "include", "llama.h"));
  if (pinned && existsSync(product) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stampOf(options))
    return false;

  requireBuildTools();
  vendor({ log });
  const stamp = stampOf(options);
  mkdirSync(buildFolder, { recursive: true });
  rmSync(stampFile, { force: true });
  const generator = cachedGenerator() ?? (runs("ninja") ? "Ninja" : null);
  const jobs = process.env["UNSHIFT_JOBS"] || String(availableParallelism());
  const first = !existsSync(product);
  log(
    `Building the native addon (UNSHIFT_GPU=${options["UNSHIFT_GPU"]}${first ? "; the first build compiles llama.cpp and takes some minutes" : ""}) …`,
  );
  try {
    cmakeJs("configure", [
      ...(generator ? ["--generator", generator] : []),
      ...Object.entries(options).map(([name, value]) => `--CD${name}=${value}`),
    ]);
    cmakeJs("build", ["--target", "unshift", "--parallel", jobs]);
  } catch (error) {
    const advice =
      options["UNSHIFT_GPU"] === "off"
        ? "The compiler's message above says why. After changing compilers remove the folder `build` and try again."
        : "The message above says why. To build for the CPU only:  UNSHIFT_GPU=off node native/scripts/build.mjs  (remove the folder `build` first if it was configured for a GPU).";
    throw new Error(`The native addon could not be built with UNSHIFT_GPU=${options["UNSHIFT_GPU"]}. ${advice}`, {
      cause: error,
    });
  }
  if (!existsSync(product)) throw new Error(`The build ended without ${product}.`);
  writeFileSync(stampFile, stamp);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    console.log(build() ? `built ${product}` : `up to date: ${product}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
