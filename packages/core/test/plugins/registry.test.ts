import { join } from "node:path";
import {
  type Contribution,
  type Plugin,
  type PluginContext,
  type PluginKind,
  pluginKinds,
  UnshiftError,
} from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { loadPlugins } from "../../src/plugins/load-plugins.js";
import { faultOf, loadFrom, placeOf } from "../config/load.js";
import { writeFiles } from "../config/write-files.js";
import { context, load, strategyOf } from "./workshop.js";

type AnyStrategy = NonNullable<Plugin["strategies"]>[string];
const built = { build: () => Promise.reject(new Error("unused")) };

function offering(strategies: Readonly<Record<string, AnyStrategy>>): Plugin {
  return { name: "@unshift/test", contract: "^1", strategies };
}

/** `icl` takes k (1 to 8, default 3), order, weights and a secret; `chat` takes nothing. */
const icl: Contribution<typeof built, unknown> = {
  summary: "In-context examples.",
  options: {
    type: "object",
    properties: {
      k: { type: "integer", minimum: 1, maximum: 8, default: 3, description: "Examples." },
      order: { type: "string", enum: ["near", "far"] },
      weights: { type: "object", properties: { style: { type: "number" } } },
      files: { type: "array", items: { type: "string" } },
      token: { type: "string", writeOnly: true },
      either: { anyOf: [{ type: "string" }, { type: "integer" }] },
    },
    required: ["order"],
  },
  create: () => built,
};
const plugin = offering({ icl, chat: { summary: "Chat.", create: () => built } });

/** Loads one system whose strategy is line 4, the options from column 2 on lines of their own. */
async function check(t: ExecutionContext, strategy: string) {
  const loading = await load(
    t,
    {
      "experiment.yaml": `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems: { s: { model: base, strategy: {\n${strategy.replaceAll(/^/gm, " ")}\n } } }\n`,
    },
    [plugin],
  );
  return loading.registry.checkOptions("strategies", strategyOf(loading), loading.loaded.where);
}

test("JSON Schema: defaults are filled in", async (t) => {
  t.deepEqual(await check(t, "use: icl, order: near"), { k: 3, order: "near" });
});

const badOptions: readonly (readonly [what: string, strategy: string, at: string, says: string])[] = [
  [
    "an unknown option",
    "use: icl,\norder: near,\nordr: far",
    "6:2",
    'unknown option "ordr" of strategy "icl" in systems.s.strategy. Allowed: k, order, weights, files, token, either. Did you mean "order"?',
  ],
  [
    "an unknown option inside",
    "use: icl, order: near,\nweights: { stile: 1 }",
    "5:13",
    'unknown option "stile" of strategy "icl" in systems.s.strategy.weights. Allowed: style. Did you mean "style"?',
  ],
  [
    "a wrong type",
    "use: icl, order: near,\nk: three",
    "5:2",
    'systems.s.strategy.k must be an integer from 1 to 8, found "three" (string).',
  ],
  [
    "out of range",
    "use: icl, order: near,\nk: 9",
    "5:2",
    "systems.s.strategy.k must be an integer from 1 to 8, found 9 (number).",
  ],
  [
    "a value that is not allowed",
    "use: icl,\norder: middle",
    "5:2",
    'systems.s.strategy.order must be one of near, far, found "middle" (string).',
  ],
  [
    "a wrong item",
    "use: icl, order: near,\nfiles: [a, 3]",
    "5:13",
    "systems.s.strategy.files[1] must be a string, found 3 (number).",
  ],
  [
    "none of the alternatives",
    "use: icl, order: near,\neither: true",
    "5:2",
    "systems.s.strategy.either must be a string or an integer, found true (boolean).",
  ],
  ["a missing option", "use: icl", "3:30", 'strategy "icl" needs the option "order", missing in systems.s.strategy.'],
  [
    "options for something that takes none",
    "use: chat,\nk: 3",
    "5:2",
    'strategy "chat" takes no options, found "k" (3 (number)).',
  ],
];
for (const [what, strategy, at, says] of badOptions) {
  test(`refused: ${what}`, async (t) => {
    const error = await faultOf(t, check(t, strategy));
    t.is(error.code, "PLUGIN_OPTIONS");
    t.is(placeOf(error), at);
    t.is(error.message, says);
  });
}

test("all faults of the options are told", async (t) => {
  const error = await faultOf(t, check(t, "use: icl,\nk: 0,\nord: near"));
  t.is(placeOf(error), "3:30");
  t.true(error.message.includes('needs the option "order"'));
  t.true(error.message.includes("experiment.yaml:5:2: systems.s.strategy.k must be"), error.message);
  t.true(error.message.includes('experiment.yaml:6:2: unknown option "ord"'), error.message);
});

test("a secret that stands in the file as text is refused, and not repeated", async (t) => {
  const error = await faultOf(t, check(t, "use: icl, order: near,\ntoken: sk-123"));
  t.is(error.code, "CONFIG_SECRET");
  t.is(placeOf(error), "5:2");
  t.false(error.message.includes("sk-123"));
  t.is((await check(t, `use: icl, order: near, token: "\${TOKEN}"`)).token, `\${TOKEN}`);
});

test("an id that nobody offers: the allowed ones and the nearest", async (t) => {
  const kinds: readonly (readonly [PluginKind, string, string, string])[] = [
    ["strategies", "icl", "icll", 'unknown strategy "icll". Allowed: chat, icl. Did you mean "icl"?'],
    ["datasets", "files", "fils", 'unknown dataset "fils". Allowed: files. Did you mean "files"?'],
    [
      "judges",
      "reference",
      "refrence",
      'unknown judge "refrence". Allowed: acme/reference, reference. Did you mean "reference"?',
    ],
    ["analyses", "", "curves", 'unknown analysis "curves". Allowed: none.'],
    ["reporters", "", "icl", 'unknown reporter "icl". "icl" is a strategy. Allowed: none.'],
  ];
  const judge = {
    summary: "J.",
    create: () => ({ version: "1", aspects: [], judge: () => ({ status: "not-applicable", reason: "" }) as const }),
  };
  const { registry } = await load(
    t,
    { "experiment.yaml": "models: { a: ./a }\ndataset: d\nsystems: { s: { model: a, strategy: icl } }\n" },
    [
      {
        ...plugin,
        datasets: { files: { summary: "F.", create: () => ({ samples: () => [] }) } },
        judges: { reference: judge, "acme/reference": judge },
      },
    ],
  );
  for (const [kind, , id, message] of kinds) {
    const where = { file: "/x.yaml", line: 3, column: 4 };
    const error = t.throws(() => registry.find(kind, id, where), { instanceOf: UnshiftError });
    t.is(error?.code, "PLUGIN_UNKNOWN_ID");
    t.is(error?.message, message);
    t.deepEqual(error?.where, where);
  }
});

test("an unknown strategy is told at the place of its name", async (t) => {
  const error = await faultOf(t, check(t, "use: icll"));
  t.is(error.code, "PLUGIN_UNKNOWN_ID");
  t.is(placeOf(error), "4:2");
});

async function createWith(
  t: ExecutionContext,
  create: AnyStrategy["create"],
  files: Readonly<Record<string, string>> = {},
) {
  const taking = {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "string" }, key: { type: "string" } },
  } as const;
  const loading = await load(
    t,
    {
      "experiment.yaml": `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  s: { model: base, strategy: { use: mine } }\n`,
      ...files,
    },
    [offering({ mine: { summary: "Mine.", options: taking, create } })],
  );
  return {
    ...loading,
    thing: () => loading.registry.create("strategies", strategyOf(loading), loading.loaded.where, context),
  };
}

test("a factory gets checked options with secrets filled in, and paths from the folder that wrote them", async (t) => {
  let got: { options: unknown; paths: string[] } | undefined;
  const create = (options: { a: string; b: string }, { resolvePath }: PluginContext) => {
    got = { options, paths: [resolvePath(options.a), resolvePath(options.b), resolvePath("/abs")] };
    return built;
  };
  const { thing, folder, loaded } = await createWith(t, create, {
    "shared/base.yaml": `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  s: { model: base, strategy: { use: mine, a: ./a.txt, key: "\${UNSHIFT_TEST_KEY}" } }\n`,
    "experiment.yaml": "extends: shared/base.yaml\nsystems: { s: { strategy: { b: ./b.txt } } }\n",
  });
  const unset = await faultOf(t, thing());
  t.is(unset.code, "CONFIG_SECRET");
  process.env.UNSHIFT_TEST_KEY = "s3cret";
  t.teardown(() => delete process.env.UNSHIFT_TEST_KEY);
  t.is(await thing(), built);
  t.deepEqual(got?.options, { a: "./a.txt", b: "./b.txt", key: "s3cret" });
  t.deepEqual(got?.paths, [join(folder, "shared/a.txt"), join(folder, "b.txt"), "/abs"]);
  t.false(JSON.stringify(loaded.experiment).includes("s3cret"));
});

test("a factory that throws: PLUGIN_CREATE_FAILED with its message and place", async (t) => {
  const { thing } = await createWith(t, () => {
    throw new RangeError("too many");
  });
  const error = await faultOf(t, thing());
  t.is(error.code, "PLUGIN_CREATE_FAILED");
  t.is(placeOf(error), "4:21");
  t.regex(
    error.message,
    /^@unshift\/test: creating the strategy "mine" failed: RangeError: too many \(at .+registry\.test\.[jt]s:\d+:\d+\)$/,
  );
});

test("a coded error of a factory passes, with a place where it had none", async (t) => {
  const placed = { file: "/data.jsonl", line: 7, column: 1 };
  for (const where of [undefined, placed]) {
    const { thing, folder } = await createWith(t, () =>
      Promise.reject(new UnshiftError("DATASET_SYNTAX", "torn", { where, hint: "mend" })),
    );
    const error = await faultOf(t, thing());
    t.is(error.code, "DATASET_SYNTAX");
    t.is(error.hint, "mend");
    t.deepEqual(error.where, where ?? { file: join(folder, "experiment.yaml"), line: 4, column: 21 });
  }
});

test("what a factory gives must be a thing of its kind", async (t) => {
  const { loaded } = await createWith(t, () => built);
  for (const kind of pluginKinds) {
    const registry = await loadPlugins({
      builtin: [
        {
          plugin: { name: "@unshift/t", contract: "^1", [kind]: { mine: { summary: "M.", create: () => ({}) } } },
          version: "1.0.0",
        },
      ],
    });
    const use = { use: "mine", options: {}, path: ["dataset"], folder: "/" };
    const error = await faultOf(t, registry.create(kind, use, loaded.where, context));
    t.is(error.code, "PLUGIN_INVALID");
    t.is(placeOf(error), "2:1");
    t.regex(error.message, /create of the [\w ]+ "mine" gave a thing that lacks \w+/);
  }
  const { thing } = await createWith(t, () => null as never);
  t.true((await faultOf(t, thing())).message.includes("gave null. A strategy has build()."));
});

test("two registries share nothing", async (t) => {
  const folder = await writeFiles(t, {
    "experiment.yaml": "models: { a: ./a }\ndataset: d\nsystems: { s: { model: a, strategy: icl } }\n",
  });
  await loadFrom(folder);
  const first = await loadPlugins({ builtin: [{ plugin, version: "1.0.0" }] });
  const second = await loadPlugins({ builtin: [] });
  t.is(first.list().length, 2);
  t.is(second.list().length, 0);
});
