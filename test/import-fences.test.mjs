import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs");

const sources = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.tsx?$/.test(entry.name) && !/node_modules|dist/.test(entry.parentPath ?? entry.path),
    )
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
const files = [...sources("packages"), ...sources("plugins"), ...sources("bench")];

test("every fence guards files that exist", (t) => {
  for (const { name, from } of config.forbidden) {
    if (from.path === undefined) continue;
    const guarded = files.filter(
      (file) => new RegExp(from.path).test(file) && !(from.pathNot && new RegExp(from.pathNot).test(file)),
    );
    t.true(guarded.length > 0, `${name} guards nothing`);
  }
});

test("every room and plugin has a fence, a project reference and a line in ARCHITECTURE.md", (t) => {
  const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const references = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")).references.map(({ path }) => path);
  const fences = new Set(config.forbidden.map(({ name }) => name));
  for (const room of readdirSync(join(root, "packages"))) {
    t.true(architecture.includes(`${room}/`), room);
    if (room !== "tiny-models") t.true(references.includes(`packages/${room}`), room);
    if (room !== "tiny-models" && room !== "cli") t.true(fences.has(`${room}-imports`), `${room} has no fence`);
  }
  for (const plugin of readdirSync(join(root, "plugins"))) {
    t.true(architecture.includes(`${plugin}/`), plugin);
    t.true(references.includes(`plugins/${plugin}`), plugin);
  }
});

test("package.json dependencies keep the directions too", (t) => {
  const allowed = {
    contracts: [],
    analysis: ["contracts"],
    store: ["contracts"],
    hub: ["contracts"],
    formats: ["contracts"],
    "engine-llama": ["contracts", "native"],
    report: ["contracts", "analysis"],
    annotate: ["contracts"],
    testkit: ["contracts"],
    core: ["contracts", "analysis"],
  };
  for (const [room, rooms] of Object.entries(allowed)) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, "packages", room, "package.json"), "utf8"));
    const own = Object.keys(dependencies).filter((name) => name.startsWith("@unshift/"));
    t.deepEqual(own.sort(), rooms.map((name) => `@unshift/${name}`).sort(), room);
  }
  for (const plugin of readdirSync(join(root, "plugins"))) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, "plugins", plugin, "package.json"), "utf8"));
    t.deepEqual(
      Object.keys(dependencies).filter((name) => name.startsWith("@unshift/")),
      ["@unshift/contracts"],
      plugin,
    );
  }
});
