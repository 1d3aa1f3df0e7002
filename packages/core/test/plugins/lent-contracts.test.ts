import test from "ava";
import { faultOf } from "../config/load.js";
import { writeFiles } from "../config/write-files.js";
import { listing, load, loadIn } from "./workshop.js";

const manifest = JSON.stringify({ name: "unshift-acme", version: "2.3.4", type: "module", exports: "./main.js" });
const importing = `import { definePlugin } from "@unshift/contracts";
import { id } from "part";
export default definePlugin({ name: "unshift-acme", contract: "^1", strategies: { [id]: { summary: "Plain.",
  create: () => ({ build: () => ({}) }) } } });
`;
const part = {
  "node_modules/unshift-acme/node_modules/part/package.json": `{ "name": "part", "version": "1.0.0", "type": "module", "exports": "./main.js" }`,
  "node_modules/unshift-acme/node_modules/part/main.js": `export const id = "acme/own-part";\n`,
};

test("a package without contracts of its own is lent ours, beside its own libraries", async (t) => {
  const { registry } = await load(t, {
    "experiment.yaml": listing("unshift-acme"),
    "node_modules/unshift-acme/package.json": manifest,
    "node_modules/unshift-acme/main.js": importing,
    ...part,
  });
  t.like(registry.find("strategies", "acme/own-part").owner, { name: "unshift-acme", version: "2.3.4" });
});

test("another thing a package lacks is not lent", async (t) => {
  const folder = await writeFiles(t, {
    "experiment.yaml": listing("unshift-acme"),
    "node_modules/unshift-acme/package.json": manifest,
    "node_modules/unshift-acme/main.js": importing,
  });
  const fault = await faultOf(t, loadIn(folder));
  t.is(fault.code, "PLUGIN_IMPORT_FAILED");
  t.regex(fault.message, /part/);
  t.regex(fault.hint ?? "", /Install what the plugin needs beside it/);
});

for (const name of ["./acme-1.0.0.tgz", "acme-1.0.0.tgz", "../x/acme.tar.gz"]) {
  test(`${name} is refused with the command that installs it`, async (t) => {
    const folder = await writeFiles(t, { "experiment.yaml": listing(name), "acme-1.0.0.tgz": "" });
    const fault = await faultOf(t, loadIn(folder));
    t.is(fault.code, "PLUGIN_NOT_FOUND");
    t.like(fault.where, { line: 6, column: 11 });
    t.is(fault.hint, `\`npm install ${name}\` in ${folder}, then list the package by its name.`);
  });
}
