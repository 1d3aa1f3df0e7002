import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { unshift } from "./unshift.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "outside-plugin/fixtures/plugin");
const name = "unshift-plugin-acme-reply";

/** An experiment; the options of `acme/reply` stand in line 8, from column 54 on. */
const experiment = (plugins, options = "") => `name: outside
plugins: ${plugins}
models:
  base: { path: "builtin:tiny-base" }
  aligned: { path: "builtin:tiny-aligned" }
systems:
  aligned: { model: aligned, strategy: chat }
  reply:   { model: base, strategy: { use: acme/reply${options} } }
dataset: { use: builtin, kind: fact, limit: 4, seed: 3 }
decoding: { maxTokens: 40 }
shifts:
  - { answers: aligned, subjects: [reply] }
output: ./run
`;

let folder;
let made;

function npm(args, cwd) {
  const done = spawnSync("npm", [...args, "--no-audit", "--no-fund"], {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (done.status !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

test.before("a plugin is packed with its own zod and tsyringe, and installed where an experiment is", async () => {
  made = await realpath(await mkdtemp(join(tmpdir(), "unshift-outside-")));
  const home = join(made, "plugin");
  folder = join(made, "experiment");
  await cp(source, home, { recursive: true });
  npm(["install", "--prefer-offline"], home);
  npm(["pack", "--pack-destination", made], home);
  // Nothing of where it was made may be what makes it work.
  await rm(home, { recursive: true });
  await cp(source, folder, { recursive: true, filter: (path) => path === source });
  await writeFile(join(folder, "package.json"), '{ "name": "my-experiment", "private": true }\n');
  npm(["install", `../${name}-3.1.4.tgz`, "--offline"], folder);
});

test.after.always(() => made && rm(made, { recursive: true, force: true }));

/** Writes an experiment file of its own for a test and runs a command over it. */
async function asked(t, command, plugins, options) {
  const file = `${t.title.replaceAll(/[^a-z]+/gi, "-")}.yaml`;
  await writeFile(join(folder, file), experiment(plugins, options));
  const [verb, ...more] = command;
  const output = ["run"].includes(verb) ? ["--output", `./${file}.run`] : [];
  return {
    file: join(folder, file),
    run: join(folder, `${file}.run`),
    ...(await unshift([verb, ...more, file, ...output, "--json"], { cwd: folder })),
  };
}

/** The error of a command that a fault ends before any work. */
async function refused(t, plugins, options) {
  const { code, json, run, file } = await asked(t, ["run"], plugins, options);
  t.is(code, 2);
  t.is((await readdir(dirname(run))).includes(run.slice(dirname(run).length + 1)), false, "no run folder is made");
  return { ...json.error, file };
}

test.serial("it has its own copies and none of ours", async (t) => {
  const own = await readdir(join(folder, "node_modules", name, "node_modules"));
  t.true(["zod", "tsyringe", "reflect-metadata"].every((each) => own.includes(each)));
  const { version } = JSON.parse(
    await readFile(join(folder, "node_modules", name, "node_modules/zod/package.json"), "utf8"),
  );
  t.is(version, "4.5.3");
  t.false((await readdir(join(folder, "node_modules"))).includes("@unshift"));
});

test.serial("list names it with its version", async (t) => {
  const { json } = await asked(t, ["list"], `["${name}"]`);
  const entry = json.find(({ id }) => id === "acme/reply");
  t.like(entry, { kind: "strategies", owner: name, version: "3.1.4", summary: "Replies to a greeting." });
  await writeFile(join(folder, "text.yaml"), experiment(`["${name}"]`));
  const { stdout } = await unshift(["list", "text.yaml"], { cwd: folder });
  t.regex(stdout, /strategies +acme\/reply +unshift-plugin-acme-reply 3\.1\.4 +Replies to a greeting\./);
});

test.serial("explain shows the options of its zod schema and an example", async (t) => {
  await writeFile(join(folder, "explain.yaml"), experiment(`["${name}"]`));
  const { stdout, code } = await unshift(["explain", "acme/reply", "--experiment", "explain.yaml"], { cwd: folder });
  t.is(code, 0);
  t.regex(stdout, /greeting \(string, default "Hello"\)\n +What the reply begins with\./);
  t.regex(stdout, /lines \(integer, default 1\)\n +Lines a reply may have\./);
  t.regex(stdout, /refuse \(string\)/);
  t.regex(stdout, /Example:\n +use: acme\/reply\n +greeting: Good morning\n +lines: 2/);
});

test.serial("schema offers its options to editors", async (t) => {
  const { json } = await asked(t, ["schema"], `["${name}"]`);
  t.true(JSON.stringify(json).includes("What the reply begins with."));
});

test.serial("it runs, and the run says who took part", async (t) => {
  const { code, json, run, stderr } = await asked(t, ["run"], `["${name}"]`, ', greeting: "Good day"');
  t.is(code, 0, stderr);
  t.is(json.systems.reply.answers, 4);
  t.true(json.shifts[0].positions > 0);
  const manifest = JSON.parse(await readFile(join(run, "manifest.json"), "utf8"));
  t.true(manifest.plugins.some((plugin) => plugin.name === name && plugin.version === "3.1.4"));
  const answers = (await readFile(join(run, "answers.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.true(answers.some(({ prompt }) => prompt.text.startsWith("Good day.\nQuestion: ")));
});

test.serial("build throws on one sample: that one fails with name and stack, the run goes on", async (t) => {
  const { code, json, run, stderr } = await asked(t, ["run"], `["${name}"]`, ", refuse: helium");
  t.is(code, 0, stderr);
  const answers = (await readFile(join(run, "answers.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const failed = answers.filter(({ status }) => status === "failed");
  t.is(failed.length, json.systems.reply.failed);
  t.is(failed.length, 1, JSON.stringify(answers.map(({ sampleId, status }) => [sampleId, status])));
  t.is(json.systems.reply.answers, 3);
  t.is(failed[0].reason.code, "STRATEGY_FAILED");
  told(t, failed[0].reason.message);
  t.regex(failed[0].reason.stack, stack);
});

test.serial("what build threw stands in the run's log, and the limit that was set ends the run", async (t) => {
  const { code, json, run } = await asked(t, ["run", "--set", "maxFailures=0"], `["${name}"]`, ", refuse: helium");
  t.is(code, 1);
  t.is(json.error.code, "TOO_MANY_FAILED");
  told(t, json.error.message);
  const lines = (await readFile(join(run, "log.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [said, ...others] = lines.filter(({ level }) => level === "warn");
  t.is(others.length, 0);
  told(t, said.message);
  t.true(
    lines.some(({ message }) => stack.test(message)),
    "the log holds the stack too",
  );
});

const stack = /at Reply\.build \(.*node_modules.unshift-plugin-acme-reply.index\.js:\d+:\d+\)/;

/** A fault of `build` is told in one line: strategy, package, and the place in it. */
function told(t, text) {
  t.regex(text, /strategy "acme\/reply" of unshift-plugin-acme-reply threw: TypeError: cannot bear helium/);
  t.regex(text, /\(at .*unshift-plugin-acme-reply.index\.js:\d+:\d+\)/);
}

test.serial("bad options are refused at their place, by its own zod", async (t) => {
  const error = await refused(t, `["${name}"]`, ", lines: 12");
  t.is(error.code, "PLUGIN_OPTIONS");
  t.like(error.where, { file: error.file, line: 8, column: 56 });
  t.is(
    error.message,
    "systems.reply.strategy.lines must be an integer from 1 to 9, found 12 (number) (Too big: expected number to be <=9).",
  );
  t.is(error.hint, "`unshift explain acme/reply` shows its options.");
});

test.serial("an option it does not know is refused with the nearest one", async (t) => {
  const error = await refused(t, `["${name}"]`, ", greetings: Hi");
  t.is(error.code, "PLUGIN_OPTIONS");
  t.is(error.where.line, 8);
  t.regex(error.message, /unknown option "greetings" of strategy "acme\/reply".*Did you mean "greeting"\?/);
});

test.serial("create throws: told with the package and the place in it", async (t) => {
  const error = await refused(t, `["${name}"]`, ", ready: false");
  t.is(error.code, "PLUGIN_CREATE_FAILED");
  t.is(error.where.line, 8);
  t.regex(
    error.message,
    /^unshift-plugin-acme-reply: creating the strategy "acme\/reply" failed: the reply is not ready \(at .*index\.js:\d+:\d+\)$/,
  );
});

const faults = [
  [
    "a missing plugin",
    `["unshift-plugin-acme-repli"]`,
    "PLUGIN_NOT_FOUND",
    /no such package\. Tried: .*Did you mean "unshift-plugin-acme-reply"\?/,
    /npm i unshift-plugin-acme-repli/,
  ],
  [
    "an id offered twice",
    `["${name}", "${name}/faults/clash"]`,
    "PLUGIN_CLASH",
    /two plugins offer the strategy "acme\/reply": unshift-plugin-acme-reply 3\.1\.4 and/,
    /List one of them only/,
  ],
  [
    "another version of the contract",
    `["${name}/faults/other-contract"]`,
    "PLUGIN_CONTRACT_VERSION",
    /it was written for contract \^7; this Unshift speaks contract 1\./,
    /Install the version of the plugin/,
  ],
  [
    "an import that throws",
    `["${name}/faults/throws"]`,
    "PLUGIN_IMPORT_FAILED",
    /threw while it was imported: RangeError: this plugin does not like to be imported \(at .*throws\.js:1:7\)/,
    /Importing a plugin must not do anything/,
  ],
  [
    "a list in place of a plugin",
    `["${name}/faults/no-plugin"]`,
    "PLUGIN_INVALID",
    /its default export is .*Wanted: the map that definePlugin takes/,
    /export default definePlugin/,
  ],
  [
    "no default export",
    `["${name}/faults/no-default"]`,
    "PLUGIN_INVALID",
    /it has no default export\. It exports: plugin\./,
    /export default definePlugin/,
  ],
  [
    "an id without a namespace",
    `["${name}/faults/no-namespace"]`,
    "PLUGIN_INVALID",
    /strategies\.reply lacks a namespace.*"acme\/reply"/,
    /definePlugin/,
  ],
  [
    "the tarball itself",
    `["../${name}-3.1.4.tgz"]`,
    "PLUGIN_NOT_FOUND",
    /is a packed package, which is installed before it is listed/,
    /`npm install \.\.\/unshift-plugin-acme-reply-3\.1\.4\.tgz` in .*experiment, then list the package by its name/,
  ],
];
for (const [title, plugins, code, message, hint] of faults) {
  test.serial(`${title} is refused where it is listed`, async (t) => {
    const error = await refused(t, plugins);
    t.is(error.code, code, error.message);
    t.like(error.where, { file: error.file, line: 2 });
    t.is(error.where.column > 1, true);
    t.regex(error.message, message);
    t.regex(error.hint, hint);
  });
}

test.serial("a thing that is no strategy is refused where it is used", async (t) => {
  const error = await refused(t, `["${name}/faults/gives-nothing"]`);
  t.is(error.code, "PLUGIN_INVALID");
  t.is(error.where.line, 8);
  t.regex(
    error.message,
    /unshift-plugin-acme-reply: create of the strategy "acme\/reply" gave a thing that lacks build/,
  );
});
