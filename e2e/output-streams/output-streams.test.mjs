import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { binary, experiment, root, unshift, workFolder } from "../unshift.mjs";

test("--json: one document on stdout, everything else on stderr, for every command", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 2, seed: 3 }" }) });
  for (const args of [
    ["plan", "x.yaml"],
    ["render", "x.yaml", "--system", "urial"],
    ["run", "x.yaml"],
    ["plan", "x.yaml"],
    ["analyse", "run"],
    ["report", "run"],
    ["show", "run"],
    ["export", "run", "--what", "answers", "--format", "jsonl", "--out", "answers.jsonl"],
    ["list"],
    ["explain", "urial"],
    ["schema"],
    ["doctor"],
  ]) {
    const { code, json, stderr } = await unshift([...args, "--json"], { cwd: folder });
    t.is(code, 0, `${args.join(" ")}: ${stderr}`);
    t.not(json, null);
  }
});

test("render shows exactly one BOS and the shared prefix", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment() });
  for (const system of ["aligned", "zero-shot", "urial"]) {
    const { json } = await unshift(["render", "x.yaml", "--system", system, "--json"], { cwd: folder });
    t.deepEqual(Object.keys(json).slice(0, 5), ["system", "sample", "prompt", "tokenIds", "tokens"]);
    t.is(json.tokenIds.filter((id) => id === json.tokenIds[0]).length, 1, system);
    t.is(json.tokens.length, json.tokenIds.length);
  }
});

test("usage errors: exit 2, what was found, what is allowed", async (t) => {
  const unknown = await unshift(["rnu", "--json"]);
  t.is(unknown.code, 2);
  t.is(unknown.json.error.code, "USAGE");
  const option = await unshift(["run", "x.yaml", "--limt", "3", "--json"]);
  t.is(option.code, 2);
  t.regex(option.json.error.message, /limt/);
  const none = await unshift(["--json"]);
  t.is(none.code, 2);
  const missing = await unshift(["run", "nowhere.yaml", "--json"]);
  t.is(missing.code, 2);
  t.is(missing.json.error.code, "CONFIG_NOT_FOUND");
});

test("help and version go to stdout with exit 0", async (t) => {
  const help = await unshift(["--help"]);
  t.is(help.code, 0);
  for (const command of [
    "run",
    "plan",
    "render",
    "analyse",
    "report",
    "export",
    "list",
    "explain",
    "schema",
    "doctor",
  ]) {
    t.regex(help.stdout, new RegExp(`unshift ${command}`));
  }
  t.regex((await unshift(["--version"])).stdout, /^\d+\.\d+\.\d+\s*$/);
});

test("a user's fault prints without a stack, with its place first", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment().replace("strategy: urial", "strategy: uriel") });
  const { code, stderr, stdout } = await unshift(["run", "x.yaml"], { cwd: folder });
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(stderr, /x\.yaml:10:\d+: .*uriel.*\[PLUGIN_UNKNOWN_ID\]/);
  t.notRegex(stderr, /at .*\.js:\d+/);
});

test("npx unshift works from the repository root", async (t) => {
  const { code, stdout, stderr } = await unshift(["--version"], {
    cwd: root,
    command: ["npx", "--no-install", "unshift"],
  });
  t.is(code, 0, stderr);
  t.regex(stdout, /^\d+\.\d+\.\d+/);
  t.truthy(join(root, "package.json"));
});

test("an unknown command is named, with what there is", async (t) => {
  const { code, json } = await unshift(["repot", "--json"]);
  t.is(code, 2);
  t.regex(json.error.message, /unknown command "repot".*export.*Did you mean "report"/);
});

test("a reader that closes the pipe early ends the output, not the command", async (t) => {
  const command = ["bash", "-c", `set -o pipefail; "${process.execPath}" "${binary}" schema | head -1`];
  const { code, stderr } = await unshift([], { command });
  t.is(code, 0, stderr);
  t.is(stderr, "");
});

test("--set refuses __proto__, at any depth", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment() });
  for (const key of ["__proto__.seed", "decoding.__proto__.temperature"]) {
    const { code, json } = await unshift(["plan", "x.yaml", "--set", `${key}=3`, "--json"], { cwd: folder });
    t.is(code, 2);
    t.is(json.error.code, "CONFIG_UNKNOWN_KEY");
  }
});

test("an export's format is what its name says", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 2, seed: 3 }" }) });
  t.is((await unshift(["run", "x.yaml", "--json"], { cwd: folder })).code, 0);
  t.is((await unshift(["export", "run", "--out", "rows.csv", "--json"], { cwd: folder })).json.format, "csv");
  t.regex(await readFile(join(folder, "rows.csv"), "utf8"), /^item_key,shift,/);
  const contradiction = await unshift(["export", "run", "--out", "x.csv", "--format", "parquet", "--json"], {
    cwd: folder,
  });
  t.is(contradiction.json.error.code, "EXPORT_TARGET");
});

test("the schema for editors in the repository is the one of this build: `npx unshift schema > unshift.schema.json`", async (t) => {
  const { stdout } = await unshift(["schema"]);
  t.is(stdout, await readFile(join(root, "unshift.schema.json"), "utf8"));
});
