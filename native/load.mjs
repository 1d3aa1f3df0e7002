/**
 * Loads the addon and exports what index.d.ts declares. A failure is an Error with code NATIVE_LOAD_FAILED that lists likely causes
 * and commands. A file that never loaded before is tried in another process first, so that a crash becomes a message.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where the addon lies: UNSHIFT_NATIVE_PATH or the build's result. */
function addonPath() {
  return process.env["UNSHIFT_NATIVE_PATH"] || join(root, "build", "Release", "unshift.node");
}

/** @param {string} file @param {string} reason @param {unknown} [cause] */
function loadFailure(file, reason, cause) {
  const lines = [
    `The native addon could not be loaded from ${file}: ${reason}`,
    "Likely causes, and what to do:",
    "  - it was not built on this machine yet:              node native/scripts/vendor.mjs && node native/scripts/build.mjs",
    "  - it was built for another processor or system:      remove the folder `build`, then build again",
    "  - it was built with a GPU backend whose libraries are missing here:  UNSHIFT_GPU=off node native/scripts/build.mjs",
    "  - UNSHIFT_NATIVE_PATH names another file:            unset it",
  ];
  if (/GLIBC|GLIBCXX|CXXABI/.test(reason))
    lines.push("  - the system's C++ library is older than the compiler's: build on this machine");
  const error = new Error(lines.join("\n"), cause === undefined ? {} : { cause });
  return Object.assign(error, { code: "NATIVE_LOAD_FAILED", details: Object.freeze({ path: file, reason }) });
}

/** Throws unless the file loads in a process of its own. Success is remembered beside the file. @param {string} file */
function verify(file) {
  let status;
  try {
    status = statSync(file);
  } catch (error) {
    throw loadFailure(file, "there is no such file.", error);
  }
  const stamp = `${file}\t${status.size}\t${status.mtimeMs}\t${process.version}\n`;
  const remembered = `${file}.verified`;
  try {
    if (readFileSync(remembered, "utf8") === stamp) return;
  } catch {
    // Never loaded before.
  }
  const trial = spawnSync(process.execPath, ["-e", "require(process.argv[1]).info()", file], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: 60_000,
    windowsHide: true,
  });
  if (trial.status !== 0) {
    const said = (trial.stderr || "").split("\n").find((line) => /Error|error|cannot|undefined symbol/.test(line));
    const how = trial.signal
      ? `loading it ended a trial process with ${trial.signal}`
      : `a trial process ended with exit code ${trial.status}`;
    throw loadFailure(file, said ? `${how} (${said.trim()})` : `${how}.`, trial.error);
  }
  try {
    writeFileSync(remembered, stamp);
  } catch {
    // A read-only installation verifies every time.
  }
}

function loadAddon() {
  const file = addonPath();
  // GNU's OpenMP spins for milliseconds at every barrier. On a machine with other work that costs a hundredfold: a thread that has
  // lost its processor keeps all others spinning. About 40 µs of spinning serve an idle machine as well. Read when the library loads.
  if (process.platform === "linux") process.env["GOMP_SPINCOUNT"] ??= "1000";
  verify(file);
  try {
    return createRequire(import.meta.url)(file);
  } catch (error) {
    throw loadFailure(file, error instanceof Error ? error.message : String(error), error);
  }
}

const addon = loadAddon();

// Leaving the process (also by an uncaught error) runs this before C++ statics are destroyed: a computation that is under way is
// aborted and waited for. In a worker the environment's own cleanup does the same for its computations.
if (isMainThread) process.on("exit", addon.abortAll);

export const info = addon.info;
export const setLog = addon.setLog;
export const loadModel = addon.loadModel;
export const comparePair = addon.comparePair;
export const writeReferenceRows = addon.writeReferenceRows;
export const compareWithRows = addon.compareWithRows;
export const kernels = addon.kernels;
