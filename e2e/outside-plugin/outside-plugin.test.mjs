import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const withTerse = (plugin) =>
  `plugins: ["${plugin}"]\n${experiment({ dataset: "{ use: builtin, limit: 2, seed: 3 }", systems: "  terse: { model: base, strategy: { use: acme/terse, words: 3 } }\n", shifts: "[terse]" })}`;

test("a local TypeScript file is listed, explained, rendered and run", async (t) => {
  const folder = await workFolder(t, { "x.yaml": withTerse("./terse.ts") }, { from: here });
  const list = await unshift(["list", "x.yaml", "--json"], { cwd: folder });
  t.true(list.json.some(({ id, owner }) => id === "acme/terse" && owner === "acme-terse"));
  const explained = await unshift(["explain", "acme/terse", "--experiment", "x.yaml"], { cwd: folder });
  t.regex(explained.stdout, /words \(integer, default 5\)/);
  const rendered = await unshift(["render", "x.yaml", "--system", "terse", "--json"], { cwd: folder });
  t.true(rendered.json.prompt.startsWith("Answer in 3 words."));
  const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(run.code, 0, run.stderr);
  t.true(run.json.shifts[0].positions > 0);
  const schema = await unshift(["schema", "x.yaml", "--json"], { cwd: folder });
  t.true(JSON.stringify(schema.json).includes("Words asked for."));
});

test("an npm package is resolved from the experiment's folder", async (t) => {
  const folder = await workFolder(t, { "x.yaml": withTerse("acme-terse") });
  const home = join(folder, "node_modules/acme-terse");
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, "package.json"),
    JSON.stringify({ name: "acme-terse", version: "2.3.4", type: "module", exports: { import: "./index.js" } }),
  );
  await writeFile(
    join(home, "index.js"),
    `export default { name: "acme-terse", contract: "^1", strategies: { "acme/terse": { summary: "Asks for few words",
      options: { "~standard": { version: 1, vendor: "acme", validate: (value) => (Number.isInteger(value.words) ? { value } : { issues: [{ message: "words must be an integer", path: ["words"] }] }) } },
      create: ({ words }) => ({ build: (sample) => ({ text: words + ": " + sample.messages.at(-1).content, parseSpecial: false, bos: "auto", staticChars: 0, stop: ["\\n"], provenance: {} }) }) } } };`,
  );
  const list = await unshift(["list", "x.yaml", "--json"], { cwd: folder });
  t.true(list.json.some(({ id, version }) => id === "acme/terse" && version === "2.3.4"));
  const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(run.code, 0, run.stderr);
  const refused = await unshift(["run", "x.yaml", "--json", "--set", "systems.terse.strategy.words=few"], {
    cwd: folder,
  });
  t.is(refused.code, 2);
  t.is(refused.json.error.code, "PLUGIN_OPTIONS");
  t.regex(refused.json.error.message, /words must be an integer/);
});
