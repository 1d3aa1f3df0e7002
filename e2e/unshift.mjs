import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const binary = join(root, "packages/cli/bin/unshift.mjs");

/**
 * Runs the command as people do. `--json` replies come parsed in `json`.
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string, json: any }>}
 */
export function unshift(args, { cwd = root, env = {}, onStderr, command = [process.execPath, binary] } = {}) {
  return new Promise((resolve, reject) => {
    const [program, ...first] = command;
    const child = spawn(program, [...first, ...args], { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      onStderr?.(stderr, child);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      let json = null;
      if (args.includes("--json") && signal === null) {
        try {
          json = JSON.parse(stdout);
        } catch (error) {
          reject(new Error(`stdout is not one JSON document (${error.message}):\n${stdout}\n${stderr}`));
          return;
        }
      }
      resolve({ code, signal, stdout, stderr, json });
    });
  });
}

/** A folder of its own for a test, with files by name; removed afterwards. */
export async function workFolder(t, files = {}, { from } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "unshift-e2e-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  if (from !== undefined) {
    await cp(from, folder, { recursive: true });
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** An experiment on the embedded pair, small enough for a test; `change` edits its lines. */
export function experiment({
  dataset = "{ use: builtin, limit: 6, seed: 3 }",
  extra = "",
  systems = "",
  shifts = "[zero-shot, urial]",
} = {}) {
  return `name: e2e
models:
  base: { path: "builtin:tiny-base" }
  aligned: { path: "builtin:tiny-aligned" }
dataset: ${dataset}
decoding: { maxTokens: 96 }
systems:
  aligned: { model: aligned, strategy: chat }
  zero-shot: { model: base, strategy: zero-shot }
  urial: { model: base, strategy: urial }
${systems}shifts:
  - { answers: aligned, subjects: ${shifts} }
judges:
  - { use: reference }
output: ./run
${extra}`;
}
