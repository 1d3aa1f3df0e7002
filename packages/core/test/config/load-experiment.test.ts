import { homedir } from "node:os";
import { basename, join } from "node:path";
import type { ErrorCode } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { loadExperiment } from "../../src/config/load-experiment.js";
import { faultOf, loadFrom, loadText, placeOf, smallest } from "./load.js";
import { writeFiles } from "./write-files.js";

test("everything that is not written has its value", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": smallest });
  const { experiment, file, text } = await loadFrom(folder);
  t.deepEqual(experiment, {
    name: "experiment",
    output: join(folder, "runs", "experiment"),
    plugins: [],
    models: [
      {
        id: "base",
        source: "builtin:tiny-base",
        path: "/embedded/tiny-base.gguf",
        contextSize: null,
        gpuLayers: null,
        placement: { devices: null, rpc: [], tensorSplit: null, splitMode: null, mainGpu: null, mmap: null },
        chunkSize: null,
        threads: null,
      },
    ],
    dataset: {
      use: "builtin",
      options: {},
      path: ["dataset"],
      folder,
      limit: null,
      seed: null,
      ids: null,
      where: null,
    },
    systems: [
      {
        id: "zero-shot",
        model: "base",
        answers: null,
        strategy: { use: "zero-shot", options: {}, path: ["systems", "zero-shot", "strategy"], folder },
        decoding: { maxTokens: 256, temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 },
      },
    ],
    recorded: [],
    shifts: [],
    judges: [],
    judgeEngines: [],
    analyses: [],
    report: { formats: ["html"] },
    engine: { use: "llama", options: {}, path: ["engine"], folder },
    numerics: "strict",
    residency: { mode: "auto", diskBytes: null, rows: "f32" },
    memoryCheck: "refuse",
    topK: 10,
    maxFailures: null,
    parallel: 4,
    seed: 7,
  });
  t.is(file, join(folder, "experiment.yaml"));
  t.is(text, smallest);
});

test("all that is written arrives, options apart from the experiment's own keys", async (t) => {
  const { experiment } = await loadText(
    t,
    `name: study-1
output: ./out
plugins: [unshift-acme, ./local.ts]
models:
  base: { path: models/base.gguf, contextSize: 4096, gpuLayers: 0, chunkSize: 256, threads: 2 }
  tuned: ~/tuned.gguf
dataset: { use: files, path: ./q.jsonl, limit: 5, seed: 0, ids: [a, 7] }
decoding: { maxTokens: 64, temperature: 0.5 }
systems:
  urial: { model: base, strategy: { use: urial, k: 3, nested: { list: [1, two, null] } }, decoding: { temperature: 0 } }
  chat: { model: tuned, strategy: chat }
shifts: [{ answers: chat, subjects: [urial] }]
judges: [reference, { use: reference, id: strict, exact: true }]
analyses: [tokens, { use: curves, bins: 4 }]
report: { formats: [html, csv] }
engine: { use: llama, mmap: false }
numerics: fast
topK: 5
parallel: 1
seed: 0
`,
  );
  t.is(experiment.name, "study-1");
  t.is(basename(experiment.output), "out");
  t.deepEqual(
    experiment.plugins.map(({ name }) => name),
    ["unshift-acme", "./local.ts"],
  );
  const [base, tuned] = experiment.models;
  t.true(base?.path.endsWith("/models/base.gguf"));
  t.deepEqual([base?.contextSize, base?.gpuLayers, base?.chunkSize, base?.threads], [4096, 0, 256, 2]);
  t.is(tuned?.path, join(homedir(), "tuned.gguf"));
  const { use, options, limit, seed, ids } = experiment.dataset;
  t.deepEqual(
    { use, options, limit, seed, ids },
    { use: "files", options: { path: "./q.jsonl" }, limit: 5, seed: 0, ids: ["a", "7"] },
  );
  t.deepEqual(experiment.systems[0]?.strategy.options, { k: 3, nested: { list: [1, "two", null] } });
  t.deepEqual(
    experiment.systems.map(({ decoding }) => [decoding.maxTokens, decoding.temperature]),
    [
      [64, 0],
      [64, 0.5],
    ],
  );
  t.deepEqual(
    experiment.judges.map(({ id, use, options }) => [id, use, options]),
    [
      ["reference", "reference", {}],
      ["strict", "reference", { exact: true }],
    ],
  );
  t.deepEqual(
    experiment.analyses.map(({ use, options }) => [use, options]),
    [
      ["tokens", {}],
      ["curves", { bins: 4 }],
    ],
  );
  t.deepEqual(experiment.report.formats, ["html", "csv"]);
  t.deepEqual(experiment.engine.options, { mmap: false });
  t.deepEqual([experiment.numerics, experiment.topK, experiment.parallel, experiment.seed], ["fast", 5, 1, 0]);
});

test("an experiment is frozen to its leaves", async (t) => {
  const { experiment } = await loadText(t, smallest);
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    t.true(Object.isFrozen(value));
    for (const child of Object.values(value)) visit(child);
  };
  visit(experiment);
});

test("the name comes from the file, in letters an id has", async (t) => {
  const folder = await writeFiles(t, { "my study (2).yaml": smallest });
  const { experiment } = await loadExperiment("my study (2).yaml", {
    cwd: folder,
    builtinModels: { "tiny-base": "/b" },
  });
  t.is(experiment.name, "my-study-2-");
});

test("anchors and merge keys work, and faults point to where the value is written", async (t) => {
  const text = `models: { base: builtin:tiny-base }
dataset: builtin
systems:
  first: &first
    model: base
    strategy: chat
    decoding: { seed: 1 }
  second:
    <<: *first
    strategy: zero-shot
`;
  const { experiment } = await loadText(t, text);
  const [, second] = experiment.systems;
  t.deepEqual([second?.model, second?.strategy.use, second?.decoding.seed], ["base", "zero-shot", 1]);
  const error = await faultOf(t, loadText(t, text.replace("seed: 1", "sed: 1")));
  t.is(placeOf(error), "7:17");
});

test("where gives the place of a key, of a list's item, and of the nearest written ancestor", async (t) => {
  const { where } = await loadText(t, `${smallest}judges:\n  - reference\n  - { use: reference, id: b }\n`);
  const at = (...path: (string | number)[]) => `${where(path).line}:${where(path).column}`;
  t.is(at("systems", "zero-shot", "model"), "5:16");
  t.is(at("systems", "zero-shot", "decoding", "seed"), "5:3");
  t.is(at("systems", "zero-shot", "strategy", "use"), "5:39");
  t.is(at("judges", 1), "8:5");
  t.is(at("judges", 1, "id"), "8:23");
  t.is(at("engine"), "1:1");
});

test("--set reads YAML, falls through short forms and lists, and false, 0 and nothing win", async (t) => {
  const text = `${smallest}  llama-2.7b: { model: base, strategy: { use: icl, k: 3, shuffle: true } }
decoding: { temperature: 1 }
shifts: [{ answers: zero-shot, subjects: [llama-2.7b] }]
judges: [reference]
`;
  const { experiment } = await loadText(t, text, {
    set: [
      "decoding.temperature=0",
      "systems.llama-2.7b.strategy.k=8",
      "systems.llama-2.7b.strategy.shuffle=false",
      "systems.llama-2.7b.decoding.seed=5",
      "systems.zero-shot.strategy.suffix=",
      "systems.more={ model: base, strategy: chat }",
      "shifts.0.subjects=[more]",
      "judges.0.id=second",
      "dataset.path=q: a=b",
      "dataset.path.c=d",
      "report.formats=[]",
    ],
  });
  const [zeroShot, llama, more] = experiment.systems;
  t.is(zeroShot?.decoding.temperature, 0);
  t.deepEqual(llama?.strategy.options, { k: 8, shuffle: false });
  t.is(llama?.decoding.seed, 5);
  t.deepEqual(zeroShot?.strategy.options, { suffix: "" });
  t.is(more?.strategy.use, "chat");
  t.deepEqual(experiment.shifts[0]?.subjects, ["more"]);
  t.is(experiment.judges[0]?.id, "second");
  t.deepEqual(experiment.dataset.options, { path: { q: "a=b", c: "d" } });
  t.deepEqual(experiment.report.formats, []);
});

const badSets: readonly (readonly [set: string, code: ErrorCode, says: string])[] = [
  ["systems.zero-shot.decoding.temprature=1", "CONFIG_UNKNOWN_KEY", 'Did you mean "temperature"?'],
  ["sytems.zero-shot.model=base", "CONFIG_UNKNOWN_KEY", 'Did you mean "systems"?'],
  [
    "systems.zeroshot.model=base",
    "CONFIG_UNKNOWN_KEY",
    'unknown key "zeroshot" in systems. Allowed: zero-shot. Did you mean "zero-shot"?',
  ],
  ["judges.2.id=x", "CONFIG_UNKNOWN_KEY", 'judges is a list and has no item "2": it is empty.'],
  ["name.first=x", "CONFIG_UNKNOWN_KEY", 'name is "n" (string) and has no key "first".'],
  ["seed=tall", "CONFIG_INVALID", 'found "tall" (string)'],
  ["systems.zero-shot.model=bse", "CONFIG_UNKNOWN_REFERENCE", 'Did you mean "base"?'],
  ["seed=[1", "CONFIG_SYNTAX", "not valid YAML"],
  ["seed", "USAGE", "--set takes key=value"],
];
for (const [set, code, says] of badSets) {
  test(`refused: --set ${set}`, async (t) => {
    const error = await faultOf(t, loadText(t, `${smallest}name: n\njudges: []\n`, { set: [set] }));
    t.is(error.code, code);
    t.is(placeOf(error), `--set ${set}`);
    t.true(error.message.includes(says), error.message);
  });
}

test("--set: any value of any option arrives as it was given", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": smallest });
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("__proto__"));
      const { experiment } = await loadFrom(folder, { set: [`dataset.option=${text}`] });
      // YAML's numbers have no negative zero.
      t.is(JSON.stringify(experiment.dataset.options.option), JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 60 },
  );
});

test("--limit and --output win over the file, and are named in errors", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": `${smallest}output: ./from-file\n` });
  const { experiment } = await loadFrom(folder, { limit: 3, output: "elsewhere" });
  t.is(experiment.dataset.limit, 3);
  t.is(experiment.output, join(folder, "elsewhere"));
  const error = await faultOf(t, loadFrom(folder, { limit: 0 }));
  t.is(placeOf(error), "--limit 0");
  t.true(error.message.startsWith("dataset.limit must be an integer ≥ 1"));
});

test("a file that is not there: the nearest one is named", async (t) => {
  const folder = await writeFiles(t, { "experimnt.yaml": smallest, "notes.txt": "" });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_NOT_FOUND");
  t.is(placeOf(error), join(folder, "experiment.yaml"));
  t.true(error.message.includes("experimnt.yaml") && !error.message.includes("notes.txt"));
  t.true(error.message.endsWith('Did you mean "experimnt.yaml"?'));
});

test("a folder that is not there, and a folder for a file", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml/a.yaml": smallest });
  const isFolder = await faultOf(t, loadFrom(folder));
  t.is(isFolder.code, "CONFIG_NOT_FOUND");
  t.true(isFolder.message.includes("is a folder") && isFolder.message.includes("a.yaml"));
  const nowhere = await faultOf(t, loadFrom(join(folder, "none")));
  t.is(nowhere.code, "CONFIG_NOT_FOUND");
  t.true(nowhere.message.includes("does not exist"));
});

test("a file that is not UTF-8: the byte's place", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": Buffer.from("name: a\nnote: f\u00fcr\n", "latin1") });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_SYNTAX");
  t.is(error.where?.line, 2);
  t.true(error.message.includes("not UTF-8"));
});

test("the tags of `where` are lists of text, whatever is written", async (t) => {
  const text = smallest.replace(
    "dataset: builtin",
    "dataset: { use: builtin, where: { kind: fact, level: [1, 2.5], easy: true } }",
  );
  const { experiment } = await loadText(t, text);
  t.deepEqual(experiment.dataset.where, { kind: ["fact"], level: ["1", "2.5"], easy: ["true"] });
  t.deepEqual(experiment.dataset.options, {}, "it is no option of the dataset");
  const bad = await faultOf(
    t,
    loadText(t, smallest.replace("dataset: builtin", "dataset: { use: builtin, where: { kind: [] } }")),
  );
  t.is(bad.code, "CONFIG_INVALID");
});
