import { join } from "node:path";
import test from "ava";
import { faultOf, loadFrom, placeOf, smallest } from "./load.js";
import { writeFiles } from "./write-files.js";

const base = `models:
  base: ./base.gguf
  tuned: { path: ./tuned.gguf, threads: 2 }
dataset: { use: files, path: ./questions.jsonl, limit: 40 }
decoding: { maxTokens: 64, temperature: 1 }
systems:
  urial: { model: base, strategy: { use: urial, prompt: ./urial.txt, k: 3 } }
  tuned: { model: tuned, strategy: chat }
shifts:
  - { answers: tuned, subjects: [urial] }
judges: [reference]
`;

test("maps are merged to any depth, lists and other values replaced", async (t) => {
  const folder = await writeFiles(t, {
    "shared/base.yaml": base,
    "experiment.yaml": `extends: ./shared/base.yaml
models: { tuned: { threads: 8 } }
dataset: { limit: null }
decoding: { temperature: 0 }
systems:
  urial: { strategy: { k: 8, note: ./note.txt } }
  tuned: { strategy: { use: zero-shot } }
judges: []
`,
  });
  const { experiment } = await loadFrom(folder);
  const [plain, tuned] = experiment.models;
  t.is(plain?.path, join(folder, "shared/base.gguf"));
  t.deepEqual([tuned?.path, tuned?.threads], [join(folder, "shared/tuned.gguf"), 8]);
  t.is(experiment.dataset.limit, null);
  t.is(experiment.dataset.folder, join(folder, "shared"));
  const [urial, chat] = experiment.systems;
  t.deepEqual([urial?.decoding.maxTokens, urial?.decoding.temperature], [64, 0]);
  t.deepEqual(urial?.strategy.options, { prompt: "./urial.txt", k: 8, note: "./note.txt" });
  t.is(chat?.strategy.use, "zero-shot");
  t.deepEqual(experiment.judges, []);
  t.is(experiment.shifts.length, 1);
  t.is(urial?.strategy.folder, join(folder, "shared"));
  t.deepEqual(urial?.strategy.folders, { "./note.txt": folder });
});

test("another `use` replaces the whole map: options of one strategy mean nothing to another", async (t) => {
  const folder = await writeFiles(t, {
    "base.yaml": base,
    "experiment.yaml": `extends: base.yaml\nsystems: { urial: { strategy: icl } }\n`,
  });
  const { experiment } = await loadFrom(folder);
  t.deepEqual(experiment.systems[0]?.strategy.options, {});
});

test("of several files the later wins, and this file over all", async (t) => {
  const folder = await writeFiles(t, {
    "a.yaml": `${smallest}seed: 1\ntopK: 1\nparallel: 1\n`,
    "b.yaml": "seed: 2\ntopK: 2\n",
    "experiment.yaml": "extends: [a.yaml, b.yaml]\nseed: 3\n",
  });
  const { experiment } = await loadFrom(folder);
  t.deepEqual([experiment.seed, experiment.topK, experiment.parallel], [3, 2, 1]);
});

test("a fault points to the file that wrote it", async (t) => {
  const folder = await writeFiles(t, {
    "shared/base.yaml": base.replace("threads: 2", "thread: 2"),
    "experiment.yaml": "extends: shared/base.yaml\nnumerics: exact\n",
  });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_UNKNOWN_KEY");
  t.is(placeOf(error, folder), "shared/base.yaml:3:32");
  t.true(error.message.includes("../experiment.yaml:2:1: numerics must be"), error.message);
});

test("syntax faults of an extended file carry its name", async (t) => {
  const folder = await writeFiles(t, { "base.yaml": "models: [\n", "experiment.yaml": "extends: base.yaml\n" });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_SYNTAX");
  t.is(error.where?.file, join(folder, "base.yaml"));
});

test("a circle is told with its members, at the `extends` that closes it", async (t) => {
  const folder = await writeFiles(t, {
    "experiment.yaml": "extends: a.yaml\n",
    "a.yaml": "seed: 1\nextends:\n  - b.yaml\n",
    "b.yaml": "extends: a.yaml\n",
  });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_EXTENDS");
  t.is(placeOf(error, folder), "b.yaml:1:10");
  t.true(error.message.includes("a.yaml → b.yaml → a.yaml"), error.message);
});

test("a file that is missing is told at the `extends` that names it, with the nearest", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": "seed: 1\nextends: bas.yaml\n", "base.yaml": base });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_EXTENDS");
  t.is(placeOf(error, folder), "2:10");
  t.true(error.message.endsWith('Did you mean "base.yaml"?'), error.message);
});

test("`extends` that is no path", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": "extends: [base.yaml, 3]\n" });
  const error = await faultOf(t, loadFrom(folder));
  t.is(error.code, "CONFIG_EXTENDS");
  t.is(placeOf(error, folder), "1:22");
  t.true(error.message.includes("found 3 (number)"));
});

test("one file may be reached twice without being a circle", async (t) => {
  const folder = await writeFiles(t, {
    "experiment.yaml": "extends: [a.yaml, b.yaml]\n",
    "a.yaml": "extends: base.yaml\nseed: 1\n",
    "b.yaml": "extends: base.yaml\ntopK: 2\n",
    "base.yaml": `${smallest}parallel: 2\n`,
  });
  const { experiment } = await loadFrom(folder);
  t.deepEqual([experiment.seed, experiment.topK, experiment.parallel], [1, 2, 2]);
});
