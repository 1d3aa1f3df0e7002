// One file, because every way of loading a plugin, and of failing to, goes through the same few written packages.
import { join } from "node:path";
import type { ErrorCode, Plugin, Strategy } from "@unshift/contracts";
import test from "ava";
import { faultOf, placeOf, smallest } from "../config/load.js";
import { writeFiles } from "../config/write-files.js";
import { context, installCopy, listing, load, loadIn, pluginSource, strategyBuild, strategyOf } from "./workshop.js";

const chat: Plugin = {
  name: "@unshift/strategy-chat",
  contract: "^1",
  strategies: {
    chat: {
      summary: "The model's chat template.",
      create: () => ({ build: () => Promise.reject(new Error("unused")) }),
    },
  },
};

const manifest = (more: object) => JSON.stringify({ name: "unshift-acme", version: "2.3.4", ...more });

test("a local TypeScript plugin, with our contracts and none installed beside it", async (t) => {
  const loading = await load(t, {
    "experiment.yaml": `${smallest}  mine: { model: base, strategy: { use: acme/typed, times: 2 } }\nplugins: [./typed.ts]\n`,
    "typed.ts": `import { contribution, definePlugin, type Strategy, UnshiftError } from "@unshift/contracts";
import { suffix } from "./suffix.ts";
enum Ending { Plain = "plain" }
export default definePlugin({
  name: "acme-typed",
  contract: "^1.0",
  strategies: {
    "acme/typed": contribution<Strategy, { times: number }>({
      summary: "Repeats.",
      options: { type: "object", properties: { times: { type: "integer", minimum: 1 } } },
      create: ({ times }) => ({
        build(sample) {
          if (sample.id === "bad") throw new UnshiftError("STRATEGY_FAILED", "no");
          return { text: suffix.repeat(times), parseSpecial: false, bos: "auto", staticChars: 0, stop: [], provenance: { ending: Ending.Plain } };
        },
      }),
    }),
  },
});
`,
    "suffix.ts": `export const suffix: string = "ab";\n`,
  });
  const strategy = await loading.registry.create<Strategy>(
    "strategies",
    strategyOf(loading, 1),
    loading.loaded.where,
    context,
  );
  const prompt = await strategy.build({ id: "a", messages: [], reference: [], tags: {} }, {} as never);
  t.is(prompt.text, "abab");
  t.deepEqual(prompt.provenance, { ending: "plain" });
  const [plugin] = loading.registry.plugins;
  t.is(plugin?.name, "acme-typed");
  t.regex(plugin?.version ?? "", /^sha256-[0-9a-f]{12}$/);
});

test("a local JavaScript plugin, from the folder of the file that lists it", async (t) => {
  const { registry } = await load(t, {
    "experiment.yaml": "extends: ./shared/base.yaml\n",
    "shared/base.yaml": listing("../plugins/plain.js"),
    "plugins/plain.js": pluginSource(),
  });
  t.deepEqual(
    registry.list().map(({ kind, id }) => [kind, id]),
    [["strategies", "acme/plain"]],
  );
});

test("a local plugin that has its own contracts imports those", async (t) => {
  for (const [name, type] of [
    ["p.mjs", ""],
    ["p.ts", ": string"],
  ] as const) {
    const { registry } = await load(t, {
      "experiment.yaml": listing(`./${name}`),
      [name]: `import { definePlugin } from "@unshift/contracts";\nconst name${type} = "mine";\nexport default definePlugin({ name, contract: "^1" });\n`,
      "node_modules/@unshift/contracts/package.json": `{ "name": "@unshift/contracts", "version": "1.3.0", "type": "module", "exports": "./main.js" }`,
      "node_modules/@unshift/contracts/main.js": `export const definePlugin = (plugin) => ({ ...plugin, name: plugin.name + "-through-its-copy" });\n`,
    });
    t.is(registry.plugins[0]?.name, "mine-through-its-copy");
  }
});

test("an npm package with ESM-only exports and its own zod: options, defaults and faults cross", async (t) => {
  const files = {
    "experiment.yaml": `models: { base: builtin:tiny-base }
dataset: builtin
plugins: [unshift-acme]
systems:
  good: { model: base, strategy: { use: acme/zod } }
  wrong: { model: base, strategy: { use: acme/zod, k: three } }
  unknown: { model: base, strategy: { use: acme/zod, kk: 3 } }
  dropped: { model: base, strategy: { use: acme/loose, kk: 3 } }
  thrown: { model: base, strategy: { use: acme/throws } }
`,
    "node_modules/unshift-acme/package.json": manifest({
      type: "module",
      exports: { ".": { import: "./lib/main.js" } },
    }),
    "node_modules/unshift-acme/lib/main.js": `import { z } from "zod";
const build = ({ k }) => ({ build: () => ({ text: String(k) }) });
class UnshiftError extends Error { name = "UnshiftError"; code = "STRATEGY_FAILED"; where = undefined; hint = "from the plugin"; }
export default { name: "unshift-acme", contract: "^1", strategies: {
  "acme/zod": { summary: "Own zod.", options: z.strictObject({ k: z.int().min(1).default(3) }), create: build },
  "acme/loose": { summary: "Drops keys.", options: z.object({ k: z.int().default(3) }), create: build },
  "acme/throws": { summary: "Throws.", create: () => { throw new UnshiftError("not today"); } },
} };
`,
  };
  const folder = await writeFiles(t, files);
  await installCopy(join(folder, "node_modules/unshift-acme"), "zod");
  const loading = await loadIn(folder);
  const { registry, loaded } = loading;
  const create = (index: number) =>
    registry.create<Strategy>("strategies", strategyOf(loading, index), loaded.where, context);

  t.deepEqual(registry.plugins, [{ name: "unshift-acme", version: "2.3.4" }]);
  const strategy = await create(0);
  t.is((await strategy.build({} as never, {} as never)).text, "3");
  t.deepEqual(await registry.checkOptions("strategies", strategyOf(loading), loaded.where), { k: 3 });

  const wrong = await faultOf(t, create(1));
  t.is(wrong.code, "PLUGIN_OPTIONS");
  t.is(placeOf(wrong), "6:52");
  t.is(wrong.message, 'systems.wrong.strategy.k must be an integer ≥ 1, found "three" (string).');

  for (const [index, line] of [
    [2, 7],
    [3, 8],
  ] as const) {
    const unknown = await faultOf(t, create(index));
    t.is(unknown.code, "PLUGIN_OPTIONS");
    t.is(unknown.where?.line, line);
    t.true(unknown.message.startsWith('unknown option "kk"'), unknown.message);
    t.true(unknown.message.endsWith('Allowed: k. Did you mean "k"?'), unknown.message);
    t.false(unknown.message.includes("more problem"));
  }
  const unknown = await faultOf(t, create(2));
  t.is(placeOf(unknown), "7:54");

  const thrown = await faultOf(t, create(4));
  t.is(thrown.code, "STRATEGY_FAILED");
  t.is(placeOf(thrown), "9:26");
  t.is(thrown.hint, "from the plugin");
});

test("a CommonJS build of a plugin", async (t) => {
  const { registry } = await load(t, {
    "experiment.yaml": listing("unshift-acme"),
    "node_modules/unshift-acme/package.json": manifest({ main: "main.cjs" }),
    "node_modules/unshift-acme/main.cjs": `Object.defineProperty(exports, "__esModule", { value: true });\n${pluginSource().replace("export default", "exports.default =")}`,
  });
  t.deepEqual(registry.plugins, [{ name: "unshift-acme", version: "2.3.4" }]);
});

test("the list is sorted by kind, then id, and built-in ids need no namespace", async (t) => {
  const { registry } = await load(
    t,
    { "experiment.yaml": listing("./b.mjs"), "b.mjs": pluginSource({ id: "acme/a" }) },
    [
      {
        name: "@unshift/mixed",
        contract: "1",
        datasets: { tiny: { summary: "Tiny.", create: () => ({ samples: () => [] }) } },
        strategies: {
          zero: { summary: "Zero.", create: () => ({ build: () => Promise.reject(new Error("unused")) }) },
        },
      },
      chat,
    ],
  );
  t.deepEqual(
    registry.list().map(({ kind, id, owner }) => [kind, id, owner.name]),
    [
      ["strategies", "acme/a", "unshift-acme"],
      ["strategies", "chat", "@unshift/strategy-chat"],
      ["strategies", "zero", "@unshift/mixed"],
      ["datasets", "tiny", "@unshift/mixed"],
    ],
  );
});

interface Bad {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code: ErrorCode;
  readonly at?: string;
  readonly says: readonly string[];
  readonly hint?: string;
}

const one = (source: string) => ({ "experiment.yaml": listing("./p.mjs"), "p.mjs": source });
const withStrategy = (contribution: string) =>
  one(`export default { name: "p", contract: "^1", strategies: { "acme/x": ${contribution} } };`);

const cases: readonly Bad[] = [
  {
    what: "a package that is missing",
    files: {
      "experiment.yaml": listing("unshift-acme", "unshift-acmee"),
      "node_modules/unshift-acme/package.json": manifest({ type: "module", exports: "./main.js" }),
      "node_modules/unshift-acme/main.js": pluginSource(),
    },
    code: "PLUGIN_NOT_FOUND",
    at: "6:27",
    says: ['plugin "unshift-acmee": no such package. Tried: ', "/node_modules", 'Did you mean "unshift-acme"?'],
    hint: "`npm i unshift-acmee` or `pnpm add unshift-acmee`",
  },
  {
    what: "a package without an entry",
    files: {
      "experiment.yaml": listing("unshift-acme"),
      "node_modules/unshift-acme/package.json": manifest({ exports: { "./other": "./x.js" } }),
    },
    code: "PLUGIN_NOT_FOUND",
    says: ["its entry cannot be resolved", "exports"],
  },
  {
    what: "a module of Node",
    files: { "experiment.yaml": listing("fs") },
    code: "PLUGIN_NOT_FOUND",
    says: ["module of Node"],
  },
  {
    what: "a file that is missing",
    files: { "experiment.yaml": listing("./plain.ts"), "plan.ts": pluginSource() },
    code: "PLUGIN_NOT_FOUND",
    says: ["there is no file", "plan.ts", 'Did you mean "plan.ts"?'],
  },
  {
    what: "a folder",
    files: { "experiment.yaml": listing("./lib"), "lib/plan.ts": pluginSource() },
    code: "PLUGIN_NOT_FOUND",
    says: ["is a folder; name the file in it", "plan.ts"],
  },
  {
    what: "a file written like a package",
    files: { "experiment.yaml": listing("plain.ts"), "plain.ts": pluginSource() },
    code: "PLUGIN_NOT_FOUND",
    says: ['is written "./plain.ts"'],
  },
  {
    what: "a plugin that throws on import",
    files: one('const a = 1;\nthrow new TypeError("no luck");\n'),
    code: "PLUGIN_IMPORT_FAILED",
    says: ['plugin "./p.mjs" threw while it was imported: TypeError: no luck', "p.mjs:2"],
  },
  {
    what: "a TypeScript plugin that throws on import",
    files: { "experiment.yaml": listing("./p.ts"), "p.ts": 'const a: number = 1;\nthrow new Error("no luck" + a);\n' },
    code: "PLUGIN_IMPORT_FAILED",
    says: ["no luck1", "p.ts:2"],
  },
  {
    what: "a plugin that does not parse",
    files: one("export default {"),
    code: "PLUGIN_IMPORT_FAILED",
    says: ["threw while it was imported", "p.mjs"],
  },
  {
    what: "a plugin whose dependency is missing",
    files: one('import "no-such-thing";\nexport default {};\n'),
    code: "PLUGIN_IMPORT_FAILED",
    says: ["no-such-thing"],
    hint: "Install what the plugin needs",
  },
  {
    what: "a clash with a built-in plugin",
    files: one(pluginSource({ name: "@unshift/other", id: "chat" })),
    code: "PLUGIN_CLASH",
    says: ['two plugins offer the strategy "chat": @unshift/strategy-chat 0.1.0 and @unshift/other sha256-'],
  },
  {
    what: "a clash of two listed plugins, told at the second",
    files: {
      "experiment.yaml": listing("./a.mjs", "./b.mjs"),
      "a.mjs": pluginSource({ name: "first" }),
      "b.mjs": pluginSource({ name: "second" }),
    },
    code: "PLUGIN_CLASH",
    at: "6:22",
    says: ['"acme/plain": first sha256-', "and second sha256-"],
  },
  {
    what: "another version of the contract",
    files: one(pluginSource({ contract: "^2" })),
    code: "PLUGIN_CONTRACT_VERSION",
    says: ["written for contract ^2", "speaks contract 1.0.0"],
  },
  {
    what: "a newer minor of the contract",
    files: one(pluginSource({ contract: "^1.4" })),
    code: "PLUGIN_CONTRACT_VERSION",
    says: ["written for contract ^1.4"],
  },
  {
    what: "a contract that is no range",
    files: one(pluginSource({ contract: "latest" })),
    code: "PLUGIN_CONTRACT_VERSION",
    says: ['"latest" is not a range of versions'],
  },
  {
    what: "no default export",
    files: one("export const plugin = {};\n"),
    code: "PLUGIN_INVALID",
    says: ["no default export. It exports: plugin."],
  },
  {
    what: "a default export that is a function",
    files: one("export default () => 1;\n"),
    code: "PLUGIN_INVALID",
    says: ["is a function"],
  },
  {
    what: "no name",
    files: one('export default { contract: "^1" };\n'),
    code: "PLUGIN_INVALID",
    says: ["`name` is nothing. Wanted: the npm name"],
  },
  {
    what: "a contract that is a number",
    files: one('export default { name: "p", contract: 1 };\n'),
    code: "PLUGIN_INVALID",
    says: ["`contract` is 1 (number)"],
  },
  {
    what: "an unknown key",
    files: one('export default { name: "p", contract: "^1", strategys: {} };\n'),
    code: "PLUGIN_INVALID",
    says: ['unknown key "strategys"', 'Did you mean "strategies"?'],
  },
  {
    what: "contributions in a list",
    files: one('export default { name: "p", contract: "^1", judges: [] };\n'),
    code: "PLUGIN_INVALID",
    says: ["`judges` is an empty list. Wanted: a map from id to contribution."],
  },
  {
    what: "an id without a namespace",
    files: one(pluginSource({ name: "unshift-plugin-acme", id: "urial" })),
    code: "PLUGIN_INVALID",
    says: ["strategies.urial lacks a namespace", 'such as "acme/urial"'],
  },
  {
    what: "an id that is none",
    files: one(pluginSource({ id: "a b/c" })),
    code: "PLUGIN_INVALID",
    says: ["strategies.a b/c cannot be an id"],
  },
  {
    what: "a contribution that is none",
    files: withStrategy("3"),
    code: "PLUGIN_INVALID",
    says: ["strategies.acme/x is 3 (number)"],
  },
  {
    what: "no summary",
    files: withStrategy(`{ create: ${strategyBuild} }`),
    code: "PLUGIN_INVALID",
    says: ["has nothing as `summary`. Wanted: one sentence."],
  },
  {
    what: "no create",
    files: withStrategy('{ summary: "x" }'),
    code: "PLUGIN_INVALID",
    says: ["has nothing as `create`. Wanted: a function"],
  },
  {
    what: "an unknown key of a contribution",
    files: withStrategy(`{ summary: "x", option: {}, create: ${strategyBuild} }`),
    code: "PLUGIN_INVALID",
    says: ['has the unknown key "option"', 'Did you mean "options"?'],
  },
  {
    what: "options that are no schema",
    files: withStrategy(`{ summary: "x", options: { k: 3 }, create: ${strategyBuild} }`),
    code: "PLUGIN_INVALID",
    says: ["has an `options` that is no schema"],
  },
  {
    what: "another version of Standard Schema",
    files: withStrategy(`{ summary: "x", options: { "~standard": { version: 2 } }, create: ${strategyBuild} }`),
    code: "PLUGIN_INVALID",
    says: ["not version 1 of Standard Schema"],
  },
  {
    what: "a package that goes by another's name",
    files: {
      "experiment.yaml": listing("unshift-acme"),
      "node_modules/unshift-acme/package.json": manifest({ type: "module", exports: "./main.js" }),
      "node_modules/unshift-acme/main.js": pluginSource({ name: "@unshift/strategy-chat" }),
    },
    code: "PLUGIN_INVALID",
    says: ['its `name` is "@unshift/strategy-chat"', '"unshift-acme"'],
  },
];

for (const { what, files, code, at = "6:11", says, hint } of cases) {
  test(`refused: ${what}`, async (t) => {
    const error = await faultOf(t, load(t, files, [chat]));
    t.is(error.code, code);
    t.is(error.exitCode, 2);
    t.is(placeOf(error), at);
    for (const part of says) t.true(error.message.includes(part), `${JSON.stringify(part)} in:\n${error.message}`);
    if (hint !== undefined) t.true(error.hint?.includes(hint), error.hint);
  });
}
