/**
 * Builds and runs the C++ tests: `node native/scripts/test-cpp.mjs [plain] [address] [thread]` (default: plain and address).
 *
 *   plain    as the addon is built
 *   address  AddressSanitizer and UndefinedBehaviorSanitizer over kernels and sessions
 *   thread   ThreadSanitizer
 *
 * llama.cpp is not built again: the tests link the static libraries of the addon's build. Trees: build/test-<name>.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { runs } from "./prerequisites.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const VARIANTS = {
  plain: { type: "Release", sanitize: "" },
  address: { type: "RelWithDebInfo", sanitize: "address,undefined" },
  thread: { type: "RelWithDebInfo", sanitize: "thread" },
};

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] */
function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", process.stderr, "inherit"],
    env: { ...process.env, ...env },
  });
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${result.signal ?? `exit code ${result.status}`}`);
}

/** @param {keyof typeof VARIANTS} name */
function test(name) {
  const { type, sanitize } = VARIANTS[name];
  const folder = join(root, "build", `test-${name}`);
  mkdirSync(folder, { recursive: true });
  const generator = !existsSync(join(folder, "CMakeCache.txt")) && runs("ninja") ? ["-G", "Ninja"] : [];
  run("cmake", [
    "-S",
    root,
    "-B",
    folder,
    ...generator,
    "--log-level=WARNING",
    `-DCMAKE_BUILD_TYPE=${type}`,
    "-DUNSHIFT_BUILD_ADDON=OFF",
    "-DUNSHIFT_BUILD_TESTS=ON",
    `-DUNSHIFT_SANITIZE=${sanitize}`,
    `-DUNSHIFT_LLAMA_BUILD=${join(root, "build")}`,
  ]);
  run("cmake", ["--build", folder, "--parallel", process.env["UNSHIFT_JOBS"] || String(availableParallelism())]);
  // Sanitized code is slow: fewer rounds of the corruption test.
  run("ctest", ["--test-dir", folder, "--output-on-failure"], {
    UNSHIFT_FUZZ_ROUNDS: process.env["UNSHIFT_FUZZ_ROUNDS"] ?? (sanitize ? "60" : "300"),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const names = process.argv.slice(2);
  try {
    const unknown = names.find((name) => !Object.hasOwn(VARIANTS, name));
    if (unknown) throw new Error(`There are no "${unknown}" tests; there are: ${Object.keys(VARIANTS).join(", ")}.`);
    build();
    for (const name of names.length > 0 ? names : ["plain", "address"])
      test(/** @type {keyof typeof VARIANTS} */ (name));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
