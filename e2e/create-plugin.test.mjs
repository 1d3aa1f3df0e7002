import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { unshift } from "./unshift.mjs";

const kinds = { strategy: "acme/my-method", dataset: "acme/my-questions", judge: "acme/my-judge" };
const packageOf = (id) => `unshift-plugin-${id.replace("/", "-")}`;

let folder;

function npm(args, cwd) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  return spawnSync("npm", [...args, ...quiet], { cwd, encoding: "utf8", shell: process.platform === "win32" });
}

test.before("the folder people would stand in", async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "unshift-create-")));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

for (const [kind, id] of Object.entries(kinds)) {
  test.serial(`a ${kind} is created and runs before anything is installed`, async (t) => {
    const made = await unshift(["create", "plugin", id, "--kind", kind, "--json"], { cwd: folder });
    t.is(made.code, 0, made.stderr);
    const home = join(folder, packageOf(id));
    t.like(made.json, { id, kind, package: packageOf(id), folder: home, packages: "checkout" });
    const written = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    t.is(written.length, made.json.files.length);
    for (const file of made.json.files.filter((name) => !name.endsWith(".tgz"))) {
      const text = await readFile(join(home, file), "utf8");
      t.notRegex(text, /acme\/(dialogue|questions|brevity)|unshift-plugin-acme(?!-my-)|<!--/, file);
    }
    t.is(made.json.next[0], `cd ${packageOf(id)}`);

    const explained = await unshift(["explain", id, "--experiment", "experiment.yaml"], { cwd: home });
    t.is(explained.code, 0, explained.stderr);
    t.regex(explained.stdout, new RegExp(`Example:\\n +use: ${id}`));
    const run = await unshift(["run", "experiment.yaml", "--json"], { cwd: home });
    t.is(run.code, 0, run.stderr);
    t.true(Object.values(run.json.systems).every(({ failed, answers }) => failed === 0 && answers > 0));
  });
}

test.serial("its tests pass where npm installed what it asks for, and fail where it breaks its contract", async (t) => {
  const [first, ...others] = Object.entries(kinds).map(([, id]) => join(folder, packageOf(id)));
  const installed = npm(["install", "--prefer-offline"], first);
  t.is(installed.status, 0, installed.stderr);
  for (const other of others) await symlink(join(first, "node_modules"), join(other, "node_modules"), "dir");
  for (const home of [first, ...others]) {
    const tested = npm(["test"], home);
    t.is(tested.status, 0, tested.stdout + tested.stderr);
    t.regex(tested.stdout, /\d+ tests passed/);
  }
  const source = join(first, "src/index.ts");
  const good = await readFile(source, "utf8");
  await writeFile(source, good.replace("provenance: {", "provenance: { at: Date.now(),"));
  const impure = npm(["test"], first);
  t.not(impure.status, 0);
  t.regex(impure.stdout + impure.stderr, /build is not pure/);
  await writeFile(source, good);
});

test.serial("what npm packs of it is installed beside an experiment and runs there", async (t) => {
  const home = join(folder, packageOf(kinds.strategy));
  const packed = npm(["pack", "--pack-destination", folder], home);
  t.is(packed.status, 0, packed.stderr);
  const place = join(folder, "experiment");
  await mkdir(place);
  await writeFile(join(place, "package.json"), '{ "name": "my-experiment", "private": true }\n');
  const archive = `../${packageOf(kinds.strategy)}-0.1.0.tgz`;
  const installed = npm(["install", archive, "--offline"], place);
  t.is(installed.status, 0, installed.stderr);
  const text = await readFile(join(home, "experiment.yaml"), "utf8");
  await writeFile(join(place, "x.yaml"), text.replace("./src/index.ts", packageOf(kinds.strategy)));
  const list = await unshift(["list", "x.yaml", "--json"], { cwd: place });
  t.true(list.json.some((entry) => entry.id === kinds.strategy && entry.version === "0.1.0"));
  const run = await unshift(["run", "x.yaml", "--limit", "2", "--json"], { cwd: place });
  t.is(run.code, 0, run.stderr);
});

test.serial("a scoped name becomes a package of that name that runs", async (t) => {
  const made = await unshift(
    ["create", "plugin", "@acme/unshift-terse", "--kind", "strategy", "--output", "here", "--json"],
    {
      cwd: folder,
    },
  );
  t.like(made.json, { package: "@acme/unshift-terse", id: "acme/terse", folder: join(folder, "here") });
  const rendered = await unshift(["render", "here/experiment.yaml", "--system", "mine", "--json"], { cwd: folder });
  t.is(rendered.code, 0, rendered.stderr);
  t.true(rendered.json.prompt.includes("Teacher:"));
});

test.serial("a folder that holds something is left as it is", async (t) => {
  const home = join(folder, "taken");
  await mkdir(home);
  await writeFile(join(home, "thesis.tex"), "all of it");
  const refused = await unshift(["create", "plugin", "acme/x", "--kind", "judge", "--output", "taken", "--json"], {
    cwd: folder,
  });
  t.is(refused.code, 2);
  t.is(refused.json.error.code, "CREATE_TARGET");
  t.is(refused.json.error.message, `${home} is not empty: it holds thesis.tex.`);
  t.deepEqual(await readdir(home), ["thesis.tex"]);
  const onFile = await unshift(
    ["create", "plugin", "acme/x", "--kind", "judge", "--output", "taken/thesis.tex", "--json"],
    {
      cwd: folder,
    },
  );
  t.is(onFile.json.error.message, `${join(home, "thesis.tex")} is a file.`);
  t.is(await readFile(join(home, "thesis.tex"), "utf8"), "all of it");
});

test.serial("an empty folder is taken", async (t) => {
  await mkdir(join(folder, "empty"));
  const made = await unshift(["create", "plugin", "acme/x", "--kind", "judge", "--output", "empty"], { cwd: folder });
  t.is(made.code, 0, made.stderr);
  t.regex(made.stdout, /Next:\n {2}cd empty\n/);
});

for (const [title, args, code, message] of [
  ["a name that is none", ["plugin", "Acme/Method", "--kind", "judge"], "CREATE_TARGET", /cannot name a plugin/],
  ["a kind there is not", ["plugin", "acme/x", "--kind", "engine"], "USAGE", /strategy.*dataset.*judge/s],
  ["no kind", ["plugin", "acme/x"], "USAGE", /kind/],
  ["another language", ["plugin", "acme/x", "--kind", "judge", "--language", "py"], "USAGE", /ts/],
  ["something else to create", ["model", "acme/x", "--kind", "judge"], "USAGE", /plugin/],
]) {
  test.serial(`${title} is refused`, async (t) => {
    const before = await readdir(folder);
    const refused = await unshift(["create", ...args, "--json"], { cwd: folder });
    t.is(refused.code, 2);
    t.is(refused.json.error.code, code);
    t.regex(refused.json.error.message, message);
    t.deepEqual(await readdir(folder), before);
  });
}
