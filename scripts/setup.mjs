// From a fresh clone to a working `unshift`: dependencies, llama.cpp, addon, packages. Each step is skipped when its result is
// there and newer than what it is made from, so a second call takes seconds.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { packageManager, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a command in the repository; its output goes to stderr, because stdout belongs to the command's own result. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", process.stderr, "inherit"],
      shell: process.platform === "win32",
      ...options,
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

function requireNode() {
  const wanted = engines.node.replace(">=", "");
  const [major, minor] = wanted.split(".").map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    throw new Error(
      `Node ${process.versions.node} is too old: Unshift needs ${wanted} or newer (https://nodejs.org, or your system's version manager).`,
    );
  }
}

async function install() {
  const installed = join(root, "node_modules", ".modules.yaml");
  const lockfile = join(root, "pnpm-lock.yaml");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  await run("npx", ["--yes", packageManager, "install", "--frozen-lockfile", "--reporter=append-only"]);
}

async function step(title, work) {
  const started = Date.now();
  await work();
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 1) process.stderr.write(`✔ ${title} (${seconds.toFixed(0)} s)\n`);
}

/** All steps. Throws with a message for people. */
export async function setup() {
  requireNode();
  const { requireBuildTools } = await import(pathToFileURL(join(root, "native/scripts/prerequisites.mjs")).href);
  requireBuildTools();
  const node = process.execPath;
  await step("dependencies", install);
  await step("llama.cpp", () => run(node, ["native/scripts/vendor.mjs"]));
  await step("native addon", () => run(node, ["native/scripts/build.mjs"]));
  await step("packages", () => run(node, ["node_modules/typescript/bin/tsc", "-b"]));
  await step("report", () => run(node, ["packages/report/scripts/bundle.mjs"]));
  await step("page for raters", () => run(node, ["packages/annotate/scripts/bundle.mjs"]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup().catch((error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  });
}
