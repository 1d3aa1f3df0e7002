import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { experiment, root, unshift, workFolder } from "../unshift.mjs";

const good = experiment();

/** Runs an experiment that must be refused; the error is the only thing on stdout. */
async function refusal(t, text, files = {}) {
  const folder = await workFolder(t, { "x.yaml": text, ...files });
  const result = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.truthy(result.json?.error, result.stdout + result.stderr);
  return { ...result, error: result.json.error, folder };
}

/** Line and column of the first place of `needle`. */
function placeOf(text, needle) {
  const before = text.slice(0, text.indexOf(needle)).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

const cases = [
  {
    given: "unknown key",
    text: good.replace("strategy: zero-shot", "strategi: zero-shot"),
    at: "strategi:",
    code: "CONFIG_UNKNOWN_KEY",
    says: [/strategi/, /strategy/, /decoding/],
  },
  {
    given: "wrong type",
    text: good.replace("maxTokens: 96", "maxTokens: many"),
    at: "maxTokens: many",
    code: "CONFIG_INVALID",
    says: [/many/, /number|integer/],
  },
  {
    given: "missing model",
    text: good.replace("model: base, strategy: zero-shot", "model: bas, strategy: zero-shot"),
    at: "model: bas, strategy",
    code: "CONFIG_UNKNOWN_REFERENCE",
    says: [/bas/, /base/, /aligned/],
  },
  {
    given: "unknown strategy",
    text: good.replace("strategy: zero-shot", "strategy: zero-shoot"),
    at: "zero-shoot",
    code: "PLUGIN_UNKNOWN_ID",
    says: [/zero-shoot/, /urial/, /zero-shot/],
  },
  {
    given: "unknown dataset",
    text: good.replace("use: builtin", "use: buildin"),
    at: "{ use: buildin",
    code: "PLUGIN_UNKNOWN_ID",
    says: [/buildin/, /files/, /builtin/],
    loose: true,
  },
  {
    given: "unknown judge",
    text: good.replace("- { use: reference }", "- { use: referee }"),
    at: "{ use: referee",
    code: "PLUGIN_UNKNOWN_ID",
    says: [/referee/, /reference/],
    loose: true,
  },
  {
    given: "missing plugin",
    text: `plugins: ["@acme/nowhere"]\n${good}`,
    at: '"@acme/nowhere"',
    code: "PLUGIN_NOT_FOUND",
    says: [/@acme\/nowhere/],
  },
  {
    given: "missing plugin file",
    text: `plugins: [./nowhere.mjs]\n${good}`,
    at: "./nowhere.mjs",
    code: "PLUGIN_NOT_FOUND",
    says: [/nowhere\.mjs/],
  },
  {
    given: "plugin that throws on import",
    text: `plugins: [./throws.mjs]\n${good}`,
    files: { "throws.mjs": 'throw new Error("no licence server");' },
    at: "./throws.mjs",
    code: "PLUGIN_IMPORT_FAILED",
    says: [/throws\.mjs/, /no licence server/],
  },
  {
    given: "plugin that clashes",
    text: `plugins: [./one.mjs, ./two.mjs]\n${good}`,
    files: { "one.mjs": plugin("one", "^1", "acme/terse"), "two.mjs": plugin("two", "^1", "acme/terse") },
    at: "./two.mjs",
    code: "PLUGIN_CLASH",
    says: [/acme\/terse/, /one/, /two/],
  },
  {
    given: "plugin for another contract version",
    text: `plugins: [./old.mjs]\n${good}`,
    files: { "old.mjs": plugin("old", "^2", "acme/terse") },
    at: "./old.mjs",
    code: "PLUGIN_CONTRACT_VERSION",
    says: [/\^2/, /1\.0\.0/],
  },
  {
    given: "options without a schema",
    text: `plugins: [./plain.mjs]\n${good.replace("strategy: zero-shot", "strategy: { use: acme/terse, lines: 2 }")}`,
    files: { "plain.mjs": plugin("plain", "^1", "acme/terse") },
    at: "lines: 2",
    code: "PLUGIN_OPTIONS",
    says: [/acme\/terse/, /no options/],
  },
  {
    given: "unknown option",
    text: good.replace("strategy: urial", "strategy: { use: urial, promt: x }"),
    at: "promt",
    code: "PLUGIN_OPTIONS",
    says: [/promt/, /prompt/],
  },
  { given: "not YAML", text: `${good}judges: [\n`, code: "CONFIG_SYNTAX", says: [/./] },
  {
    given: "unknown builtin model",
    text: good.replace("builtin:tiny-base", "builtin:tiny-bas"),
    at: 'path: "builtin:tiny-bas"',
    code: "CONFIG_UNKNOWN_REFERENCE",
    says: [/tiny-bas/, /tiny-base/],
  },
];

for (const { given, text, files, at, code, says, loose } of cases) {
  test(`${given}: exit 2, ${code}, with its place`, async (t) => {
    const { error, code: exit, stderr } = await refusal(t, text, files);
    t.is(exit, 2, stderr);
    t.is(error.code, code);
    const said = `${error.message} ${error.hint ?? ""}`;
    for (const pattern of says) t.regex(said, pattern);
    if (at !== undefined) {
      t.true(error.where?.file.endsWith("x.yaml"));
      const place = placeOf(text, at);
      t.is(error.where.line, place.line, JSON.stringify(error));
      if (!loose) t.is(error.where.column, place.column, JSON.stringify(error));
    }
  });
}

function plugin(name, contract, strategy) {
  return `export default { name: "acme-${name}", contract: "${contract}", strategies: { "${strategy}": { summary: "terse", create: () => ({ build: () => ({ text: "x", parseSpecial: false, bos: "auto", staticChars: 0, stop: [], provenance: {} }) }) } } };`;
}

const tiny = join(root, "packages/tiny-models/tiny-base.gguf");
const models = [
  [
    "a file that is not GGUF",
    "MODEL_NOT_GGUF",
    async (path) => writeFile(path, "<!doctype html><title>404</title>".repeat(40)),
  ],
  ["an empty file", "MODEL_NOT_GGUF", async (path) => writeFile(path, "")],
  [
    "GGUF version 1",
    "MODEL_GGUF_VERSION",
    async (path) => {
      const bytes = await readFile(tiny);
      bytes.writeUInt32LE(1, 4);
      await writeFile(path, bytes);
    },
  ],
  [
    "a truncated GGUF",
    "MODEL_TRUNCATED",
    async (path) => {
      const bytes = await readFile(tiny);
      await writeFile(path, bytes.subarray(0, bytes.length >> 1));
    },
  ],
  [
    "a GGUF cut in its header",
    "MODEL_TRUNCATED",
    async (path) => {
      const bytes = await readFile(tiny);
      await writeFile(path, bytes.subarray(0, 1000));
    },
  ],
  ["a directory", "MODEL_IS_DIRECTORY", async (path) => mkdir(path)],
  ["no file", "MODEL_NOT_FOUND", async () => {}],
];
for (const [given, code, make] of models) {
  test(`${given}: exit 3, ${code}, names the file`, async (t) => {
    const text = good.replace('"builtin:tiny-base"', "./model.gguf");
    const folder = await workFolder(t, { "x.yaml": text });
    await make(join(folder, "model.gguf"));
    const { json, code: exit, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
    t.is(exit, 3, JSON.stringify(json) + stderr);
    t.is(json.error.code, code);
    t.regex(json.error.message, /model\.gguf/);
    t.is(json.error.where.line, placeOf(text, "base: { path: ./").line);
  });
}

const datasets = [
  ["a line that is not JSON", "DATASET_SYNTAX", '{"id":"a","instruction":"x"}\n{"id":\n', 2],
  [
    "duplicate ids",
    "DATASET_DUPLICATE_ID",
    '{"id":"a","instruction":"x"}\n{"id":"b","instruction":"x"}\n{"id":"a","instruction":"y"}\n',
    3,
  ],
  ["a missing field", "DATASET_FIELD", '{"id":"a","instruction":"x"}\n{"id":"b","question":"x"}\n', 2],
];
for (const [given, code, lines, line] of datasets) {
  test(`dataset with ${given}: exit 2, ${code}, file and line`, async (t) => {
    const { error, code: exit } = await refusal(t, experiment({ dataset: "{ use: files, path: ./d.jsonl }" }), {
      "d.jsonl": lines,
    });
    t.is(exit, 2);
    t.is(error.code, code);
    t.true(error.where.file.endsWith("d.jsonl"));
    t.is(error.where.line, line);
  });
}

test("an unwritable run folder: exit 3 before any work", async (t) => {
  const { error, code, stderr } = await refusal(t, good.replace("output: ./run", "output: ./x.yaml/run"));
  t.is(code, 3);
  t.is(error.code, "RUN_NOT_WRITABLE");
  t.notRegex(stderr, /answer aligned/);
});

test("a run folder of another experiment: exit 2, what differs, nothing overwritten", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 2, seed: 3 }" }) });
  t.is((await unshift(["run", "x.yaml", "--json"], { cwd: folder })).code, 0);
  const before = await readFile(join(folder, "run/manifest.json"), "utf8");
  const { json, code } = await unshift(["run", "x.yaml", "--json", "--set", "decoding.maxTokens=90"], { cwd: folder });
  t.is(code, 2);
  t.is(json.error.code, "RUN_OTHER_EXPERIMENT");
  t.regex(`${json.error.message} ${json.error.hint}`, /maxTokens/);
  t.is(await readFile(join(folder, "run/manifest.json"), "utf8"), before);
});

test("a run folder of a newer format: exit 2, nothing overwritten", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 2, seed: 3 }" }) });
  t.is((await unshift(["run", "x.yaml", "--json"], { cwd: folder })).code, 0);
  const path = join(folder, "run/manifest.json");
  const newer = JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), format: 99 });
  await writeFile(path, newer);
  for (const args of [
    ["run", "x.yaml"],
    ["analyse", "run"],
    ["report", "run"],
  ]) {
    const { json, code } = await unshift([...args, "--json"], { cwd: folder });
    t.is(code, 2, args.join(" "));
    t.is(json.error.code, "RUN_NEWER_FORMAT");
  }
  t.is(await readFile(path, "utf8"), newer);
});

test("a corrupted GGUF never brings the process down", async (t) => {
  const bytes = await readFile(tiny);
  const folder = await workFolder(t, { "x.yaml": good.replace('"builtin:tiny-base"', "./model.gguf") });
  for (const offset of [8, 12, 16, 24, 32, 64, 200, 1024]) {
    const broken = Buffer.from(bytes);
    broken.writeUInt32LE(0xfffffff0, offset);
    const file = await open(join(folder, "model.gguf"), "w");
    await file.writeFile(broken);
    await file.close();
    const { code, signal, json } = await unshift(["plan", "x.yaml", "--json"], { cwd: folder });
    t.is(signal, null, `offset ${offset}`);
    t.true(code === 3 || code === 0 || code === 2, `offset ${offset}: exit ${code} ${JSON.stringify(json?.error)}`);
  }
});
