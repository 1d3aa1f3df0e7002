/**
 * Unpacks llama.cpp, pinned, into native/vendor/llama.cpp: `node native/scripts/vendor.mjs`.
 *
 * The tree comes out of the git bundle that the npm package node-llama-cpp carries; nothing is downloaded. A no-op when it is
 * there. With UNSHIFT_LLAMA_CPP_DIR the build uses that checkout and nothing is unpacked.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

export const LLAMA_COMMIT = "de3ff815ea7d559ee917f063901b8986f038abc6";

const native = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The llama.cpp checkout the build uses. */
export function llamaFolder() {
  return process.env["UNSHIFT_LLAMA_CPP_DIR"] || join(native, "vendor", "llama.cpp");
}

/** @param {string[]} args @param {string} [cwd] */
function git(args, cwd) {
  const run = spawnSync("git", args, { cwd, encoding: "utf8", windowsHide: true });
  if (run.error) {
    throw new Error(
      "git is needed to unpack llama.cpp. Debian/Ubuntu: apt install git; Fedora: dnf install git; macOS: xcode-select --install; Windows: winget install Git.Git",
    );
  }
  return run;
}

/** @param {string} folder */
function headOf(folder) {
  const run = git(["-C", folder, "rev-parse", "HEAD"]);
  return run.status === 0 ? run.stdout.trim() : null;
}

function bundlePath() {
  const require = createRequire(join(native, "package.json"));
  try {
    // The package exports no path of its own but its entry; the bundle lies beside it.
    const lookups = require.resolve.paths("node-llama-cpp") ?? [];
    const found = lookups
      .map((folder) => join(folder, "node-llama-cpp", "llama", "gitRelease.bundle"))
      .find((file) => existsSync(file));
    if (found) return found;
  } catch {
    // Told below.
  }
  throw new Error(
    "The package node-llama-cpp, which carries llama.cpp's source, is not installed: run `pnpm install` first, or point UNSHIFT_LLAMA_CPP_DIR at a llama.cpp checkout.",
  );
}

/** Makes the checkout exist; returns its folder. */
export function vendor({ log = console.error } = {}) {
  const folder = llamaFolder();
  if (process.env["UNSHIFT_LLAMA_CPP_DIR"]) {
    if (!existsSync(join(folder, "include", "llama.h")))
      throw new Error(`UNSHIFT_LLAMA_CPP_DIR is ${folder}, which holds no llama.cpp (include/llama.h is missing).`);
    return folder;
  }
  if (existsSync(join(folder, "include", "llama.h"))) {
    // Asked of the folder itself, never of a repository around it.
    const head = existsSync(join(folder, ".git")) ? headOf(folder) : null;
    if (head === LLAMA_COMMIT) return folder;
    log(`${folder} is at ${head ?? "an unknown commit"}, not ${LLAMA_COMMIT}: unpacking again.`);
  }
  const bundle = bundlePath();
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  log(`Unpacking llama.cpp into ${folder} …`);
  const clone = git(["-c", "advice.detachedHead=false", "clone", "--quiet", bundle, temporary]);
  try {
    if (clone.status !== 0) throw new Error(`git could not clone ${bundle}:\n${clone.stderr}`);
    const head = headOf(temporary);
    if (head !== LLAMA_COMMIT)
      throw new Error(
        `The bundle holds llama.cpp at ${head}; ${LLAMA_COMMIT} was expected. Is node-llama-cpp at the version package.json pins?`,
      );
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    console.log(vendor());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
