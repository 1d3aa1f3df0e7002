import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { binary, root } from "./unshift.mjs";

const guide = await readFile(join(root, "docs/guides/your-own-method.md"), "utf8");
const blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));
const [method, ownTest] = blocks.filter(({ language }) => language === "ts").map(({ text }) => text);
const [experiment] = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text);
const [printed] = blocks.filter(({ language }) => language === "text").map(({ text }) => text);
const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text.trim().split("\n"));

let home;
test.before(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "unshift-guide-")));
});
test.after.always(() => rm(home, { recursive: true, force: true }));

/** The commands of a block, one after the other in one shell, with `npx unshift` as this checkout's. Gives what they print. */
function follow(t, lines, cwd) {
  const script = lines.map((line) => line.replace(/^npx unshift/, `"${process.execPath}" "${binary}"`)).join(" && ");
  const done = spawnSync(script, {
    cwd,
    shell: true,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", npm_config_prefer_offline: "true" },
  });
  t.is(done.status, 0, `${script}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

/** Shares of the table in order, in percent. */
const figures = (text) => [...text.matchAll(/(\d+\.\d) %/g)].map(([, figure]) => Number(figure));
/** The same without figures and strips, and with blanks evened out. */
const words = (text) =>
  text
    .replaceAll(/\d+(\.\d+)?/g, "#")
    .replaceAll(/[▁▂▃▄▅▆▇█]+/g, "~")
    .replaceAll(/ +/g, " ")
    .trim();

test.serial("the guide holds what this test follows", (t) => {
  t.is(commands.length, 5);
  for (const text of [method, ownTest, experiment, printed]) t.true((text ?? "").length > 0);
});

test.serial("the method is explained, rendered and run, and the table is the printed one", async (t) => {
  follow(t, commands[0], home);
  const folder = join(home, "my-method");
  await writeFile(join(folder, "method.ts"), method);
  await writeFile(join(folder, "experiment.yaml"), experiment);
  const looked = follow(t, commands[1], folder);
  t.regex(looked, /examples \(integer, default 3\)/);
  t.regex(looked, /use: acme\/nearest/);
  t.regex(looked, /# Query:/);
  const table = follow(t, commands[2], folder);
  const shown = table.slice(table.indexOf("aligned →"), table.indexOf("\n• limited"));
  t.is(words(shown), words(printed));
  // Another processor may round another way: a figure of the guide is not off by more than two points.
  const [found, written] = [figures(shown), figures(printed)];
  t.is(found.length, written.length);
  for (const [index, figure] of written.entries()) {
    t.true(Math.abs(figure - (found[index] ?? Number.NaN)) <= 2, `${figure} in the guide, ${found[index]} here`);
  }
});

test.serial("it becomes a package whose test passes", async (t) => {
  const folder = join(home, "my-method");
  const [create, copy, enter] = commands[3];
  follow(t, [create, copy], folder);
  const plugin = join(folder, enter.replace("cd ", ""));
  await writeFile(join(plugin, "test/plugin.test.ts"), ownTest);
  t.regex(follow(t, commands[4], plugin), /2 tests passed/);
});
