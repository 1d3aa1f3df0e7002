import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import test from "ava";
import YAML from "yaml";
import { templateKinds, templateNames } from "../src/create/plugin-names.js";

const folder = fileURLToPath(new URL("../../templates/", import.meta.url));
const require = createRequire(import.meta.url);

test("a template asks for the versions that Unshift itself is built and tested with", (t) => {
  const template = require(`${folder}shared/package.json`);
  const own = require(fileURLToPath(new URL("../../../../package.json", import.meta.url)));
  for (const name of ["@types/node", "ava", "typescript"]) {
    t.is(template.devDependencies[name], own.devDependencies[name], name);
  }
  t.is(template.engines.node, own.engines.node);
});

for (const kind of templateKinds) {
  test(`the ${kind} template holds its names, and no other text that would be taken for them`, async (t) => {
    const id = templateNames.ids[kind];
    const files = (await readdir(`${folder}${kind}`, { recursive: true, withFileTypes: true })).filter((e) =>
      e.isFile(),
    );
    for (const file of files) {
      const text = await readFile(`${file.parentPath}/${file.name}`, "utf8");
      const rest = text.replaceAll(templateNames.package, "").replaceAll(id, "");
      t.false(/acme/i.test(rest), `${file.name} names acme apart from ${id}`);
    }
    const source = await readFile(`${folder}${kind}/src/index.ts`, "utf8");
    t.true(source.includes(`name: "${templateNames.package}"`));
    t.true(source.includes(`"${id}"`));
    const experiment = YAML.parse(await readFile(`${folder}${kind}/experiment.yaml`, "utf8"));
    t.true(JSON.stringify(experiment).includes(id));
    t.deepEqual(experiment.plugins, ["./src/index.ts"]);
  });
}
