// `npm test`: set up, then every test: lint, import fences, C++ (plain and sanitised), TypeScript and end-to-end.
//
//   UNSHIFT_LLAMA_SERVER=build      build llama.cpp's server too and test judge endpoints against it
//   UNSHIFT_LLAMA_SERVER=required   the same, but with the server that is there: its absence is a failure
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, setup } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const node = process.execPath;
const sources = ["packages", "plugins"]
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}/src`)
      .filter((path) => existsSync(join(root, path))),
  )
  .concat("bench/src");
// A server that was asked for and is not there fails its tests; without being asked for it lets them stand aside.
const server = process.env.UNSHIFT_LLAMA_SERVER === "build";
const env = server ? { ...process.env, UNSHIFT_LLAMA_SERVER: "required" } : process.env;
const stages = [
  ["lint", node, ["node_modules/@biomejs/biome/bin/biome", "check", "."]],
  [
    "import fences",
    node,
    ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.cjs", ...sources],
  ],
  ["dead code", node, ["node_modules/knip/bin/knip.js", "--no-progress", "--no-config-hints"]],
  ["C++ tests", node, ["native/scripts/test-cpp.mjs"]],
  ...(server ? [["llama-server for judge endpoints", node, ["native/scripts/build-llama-server.mjs"]]] : []),
  ["TypeScript and end-to-end tests", node, ["node_modules/ava/entrypoints/cli.mjs", ...process.argv.slice(2)]],
];

let passed = 0;
let failed = 0;
try {
  await setup();
  for (const [title, command, args] of stages) {
    const started = Date.now();
    try {
      await run(command, args, { cwd: root, stdio: "inherit", env });
      passed += 1;
      process.stderr.write(`✔ ${title} (${((Date.now() - started) / 1000).toFixed(0)} s)\n`);
    } catch (error) {
      failed += 1;
      process.stderr.write(`✘ ${title}: ${error.message}\n`);
    }
  }
} catch (error) {
  failed += 1;
  process.stderr.write(`\n${error.message}\n`);
}
process.stdout.write(`\nstages: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
