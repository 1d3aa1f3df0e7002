// One file, because refusals and expansions of a matrix share one experiment that they change in one place.
import { join } from "node:path";
import { type ErrorCode, isUnshiftError } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { faultOf, loadFrom, loadText, placeOf } from "./load.js";
import { writeFiles, writeInto } from "./write-files.js";

const head = `models:
  base: { path: "ckpt/step-{checkpoint}.gguf", checkpoints: [1000, 2000], threads: 2 }
  aligned: builtin:tiny-aligned
dataset: builtin
`;
const text = `${head}systems:
  reference: { model: aligned, strategy: chat }
matrix:
  - model: base
    strategy:
      zero-shot: zero-shot
      k3: { use: urial, prompt: ./k3.txt }
    decoding:
      greedy: { temperature: 0 }
      bench: urial-bench
    exclude:
      - { model: base.1000, decoding: bench }
shifts:
  - { answers: reference, subjects: ["base.*"] }
`;

const idsOf = (systems: readonly { readonly id: string }[]) => systems.map(({ id }) => id);

test("every combination is a system, its id the names on the axes", async (t) => {
  const folder = await writeFiles(t, { "experiment.yaml": text });
  const { experiment } = await loadFrom(folder);
  t.deepEqual(idsOf(experiment.systems), [
    "reference",
    "base.1000.zero-shot.greedy",
    "base.1000.k3.greedy",
    "base.2000.zero-shot.greedy",
    "base.2000.zero-shot.bench",
    "base.2000.k3.greedy",
    "base.2000.k3.bench",
  ]);
  t.deepEqual(
    experiment.models.map(({ id, source, path, threads }) => [id, source, path, threads]),
    [
      ["base.1000", "ckpt/step-1000.gguf", join(folder, "ckpt/step-1000.gguf"), 2],
      ["base.2000", "ckpt/step-2000.gguf", join(folder, "ckpt/step-2000.gguf"), 2],
      ["aligned", "builtin:tiny-aligned", "/embedded/tiny-aligned.gguf", null],
    ],
  );
  const last = experiment.systems.at(-1);
  t.is(last?.model, "base.2000");
  t.deepEqual([last?.strategy.use, last?.strategy.options], ["urial", { prompt: "./k3.txt" }]);
  t.is(last?.decoding.repetitionPenalty, 1.15);
  t.deepEqual(experiment.shifts, [{ answers: "reference", subjects: idsOf(experiment.systems).slice(1) }]);
});

test("lists and single values name themselves; one block needs no list", async (t) => {
  const { experiment } = await loadText(
    t,
    `${head}matrix: { model: [aligned, base.2000], strategy: [zero-shot, acme/mine], decoding: greedy }\n`,
  );
  t.deepEqual(idsOf(experiment.systems), [
    "aligned.zero-shot.greedy",
    "aligned.acme-mine.greedy",
    "base.2000.zero-shot.greedy",
    "base.2000.acme-mine.greedy",
  ]);
  t.is(experiment.systems[1]?.strategy.use, "acme/mine");
  const single = await loadText(t, `${head}matrix: { model: aligned, strategy: chat }\n`);
  t.deepEqual(idsOf(single.experiment.systems), ["aligned.chat"]);
});

test("checkpoints of any name and place, and revisions of the hub", async (t) => {
  const folder = await writeFiles(t, {
    "shared/models.yaml": "models: { base: { gpuLayers: 3, checkpoints: { early: ./a.gguf, late: ../b.gguf } } }\n",
    "experiment.yaml": `extends: shared/models.yaml
models:
  hub: { path: "hf:owner/name/x.gguf@step-{checkpoint}", checkpoints: [1, "0002"] }
dataset: builtin
matrix: { model: [base, hub], strategy: zero-shot }
`,
  });
  const { experiment } = await loadFrom(folder);
  t.deepEqual(
    experiment.models.map(({ id, path, gpuLayers }) => [id, path, gpuLayers]),
    [
      ["base.early", join(folder, "shared/a.gguf"), 3],
      ["base.late", join(folder, "b.gguf"), 3],
      ["hub.1", "hf:owner/name/x.gguf@step-1", null],
      ["hub.0002", "hf:owner/name/x.gguf@step-0002", null],
    ],
  );
});

test("extends and --set change the written matrix, before it becomes systems", async (t) => {
  const folder = await writeFiles(t, {
    "base.yaml": `${head}matrix: { model: [base], strategy: { k1: { use: urial, prompt: ./k1.txt }, chat: chat } }\n`,
    "sub/experiment.yaml": `extends: ../base.yaml
matrix: { model: aligned, strategy: { k1: { k: 5, file: ./x }, k8: { use: urial } } }
`,
  });
  const { experiment } = await loadFrom(join(folder, "sub"), {
    set: ["matrix.strategy.k8.prompt=./k8.txt", "matrix.strategy.chat.system=s", "matrix.decoding=[greedy]"],
  });
  t.deepEqual(idsOf(experiment.systems), ["aligned.k1.greedy", "aligned.chat.greedy", "aligned.k8.greedy"]);
  const [k1, chat, k8] = experiment.systems;
  t.deepEqual(k1?.strategy.options, { prompt: "./k1.txt", k: 5, file: "./x" });
  t.deepEqual([k1?.strategy.folder, k1?.strategy.folders], [folder, { "./x": join(folder, "sub") }]);
  t.deepEqual(chat?.strategy.options, { system: "s" });
  t.deepEqual(k8?.strategy.options, { prompt: "./k8.txt" });
  const error = await faultOf(t, loadFrom(join(folder, "sub"), { set: ["systems.aligned.chat.model=base"] }));
  t.is(error.code, "CONFIG_UNKNOWN_KEY");
});

test("a list of blocks is reached by index", async (t) => {
  const { experiment } = await loadText(t, text, {
    set: ["matrix.0.model=[aligned]", "matrix.0.exclude=[]", "shifts=[]"],
  });
  t.deepEqual(idsOf(experiment.systems).slice(1), [
    "aligned.zero-shot.greedy",
    "aligned.zero-shot.bench",
    "aligned.k3.greedy",
    "aligned.k3.bench",
  ]);
});

test("a cell's options point to the axis value that wrote them", async (t) => {
  const { where } = await loadText(t, text);
  const at = (...path: string[]) => `${where(path).line}:${where(path).column}`;
  t.is(at("systems", "base.2000.k3.bench", "strategy", "prompt"), "11:25");
  t.is(at("systems", "base.2000.k3.bench", "strategy", "use"), "11:13");
  t.is(at("systems", "base.2000.k3.greedy", "decoding", "temperature"), "13:17");
  t.is(at("systems", "base.2000.k3.bench", "model"), "8:12");
  t.is(at("models", "base.2000", "path"), "2:11");
});

test("wildcards leave out the system itself, pairs that are there, and what has no model", async (t) => {
  const { experiment } = await loadText(
    t,
    `models: { base: builtin:tiny-base, aligned: builtin:tiny-aligned }
dataset: builtin
systems: { gpt-4: { answers: ./a.jsonl } }
matrix: { model: [base, aligned], strategy: [zero-shot, chat] }
shifts:
  - { answers: "aligned.*", subjects: ["*"] }
  - { answers: aligned.chat, subjects: [base.chat] }
  - { answers: gpt-4, subjects: ["*.zero-shot"] }
`,
  );
  t.deepEqual(experiment.shifts, [
    { answers: "aligned.zero-shot", subjects: ["base.zero-shot", "base.chat", "aligned.chat"] },
    { answers: "aligned.chat", subjects: ["base.zero-shot", "aligned.zero-shot"] },
    { answers: "aligned.chat", subjects: ["base.chat"] },
    { answers: "gpt-4", subjects: ["base.zero-shot", "aligned.zero-shot"] },
  ]);
  t.is(experiment.recorded[0]?.tokenizer, "base");
});

interface Bad {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly code?: ErrorCode;
  readonly at: string;
  readonly says: readonly string[];
}
const bad: readonly Bad[] = [
  {
    what: "an unknown model on the axis",
    from: "- model: base\n",
    to: "- model: [base, alignd]\n",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "8:19",
    says: ['matrix[0].model[1] names the model "alignd"', 'Did you mean "aligned"?'],
  },
  {
    what: "a model twice",
    from: "- model: base\n",
    to: "- model: [base, base.1000]\n",
    at: "8:19",
    says: ['"base.1000" is there twice'],
  },
  {
    what: "no strategy",
    from: /strategy:\n.*\n.*\n {4}/.exec(text)?.[0] ?? "",
    to: "",
    at: "8:5",
    says: ['missing key "strategy" in matrix[0].'],
  },
  {
    what: "an unknown axis",
    from: "decoding:",
    to: "decodings:",
    code: "CONFIG_UNKNOWN_KEY",
    at: "12:5",
    says: ['Did you mean "decoding"?'],
  },
  {
    what: "a decoding where names of decodings are wanted",
    from: "greedy: { temperature: 0 }",
    to: "temperature: 0",
    at: "13:7",
    says: ["matrix[0].decoding.temperature must be one of greedy", "found 0 (number)"],
  },
  {
    what: "a value of a decoding out of range",
    from: "{ temperature: 0 }",
    to: "{ temperature: -1 }",
    at: "13:17",
    says: ["matrix[0].decoding.greedy.temperature must be a number ≥ 0"],
  },
  {
    what: "a strategy where names of strategies are wanted",
    from: "zero-shot: zero-shot\n      k3: { use: urial, prompt: ./k3.txt }",
    to: "use: urial\n      prompt: ./k3.txt",
    at: "10:7",
    says: ["is a map from names to strategies", "mine:"],
  },
  {
    what: "two of one name in a list",
    from: "strategy:\n      zero-shot: zero-shot\n      k3: { use: urial, prompt: ./k3.txt }",
    to: "strategy: [chat, { use: urial, k: 1 }, { use: urial, k: 3 }]",
    at: "9:44",
    says: ['"urial" is there twice', "as a map from names of your own"],
  },
  {
    what: "an excluded value that is on no axis",
    from: "decoding: bench }",
    to: "decoding: bnch }",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "16:39",
    says: ['matrix[0].exclude[0].decoding[0] is "bnch", which is no decoding of this matrix', 'Did you mean "bench"?'],
  },
  {
    what: "an exclusion of nothing",
    from: "{ model: base.1000, decoding: bench }",
    to: "{}",
    at: "16:9",
    says: ["names no axis"],
  },
  {
    what: "an exclusion of everything",
    from: "{ model: base.1000, decoding: bench }",
    to: "{ model: base }",
    at: "15:5",
    says: ["has no cell left"],
  },
  {
    what: "a cell with the id of a system",
    from: "  reference: {",
    to: "  base.1000.k3.greedy: { model: aligned, strategy: chat }\n  reference: {",
    at: "9:12",
    says: ['makes a system "base.1000.k3.greedy", which is there already: line 6, column 3'],
  },
  {
    what: "a wildcard that fits nothing",
    from: '["base.*"]',
    to: '["bse.*"]',
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "18:38",
    says: ['shifts[0].subjects[0]: no system\'s id fits "bse.*"', "base.1000.zero-shot.greedy"],
  },
  {
    what: "a wildcard that fits the system alone",
    from: '["base.*"]',
    to: '["ref*"]',
    at: "18:5",
    says: ["compares nothing"],
  },
  {
    what: "a model with checkpoints in a system",
    from: "reference: { model: aligned",
    to: "reference: { model: base",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "6:16",
    says: ["stands for its checkpoints", "Allowed: base.1000, base.2000."],
  },
  {
    what: "checkpoints without a place for them",
    from: "step-{checkpoint}.gguf",
    to: "step.gguf",
    at: "2:11",
    says: ["has no {checkpoint}"],
  },
  {
    what: "a place without checkpoints",
    from: "checkpoints: [1000, 2000], ",
    to: "",
    at: "2:11",
    says: ["lists no checkpoints"],
  },
  {
    what: "a checkpoint twice",
    from: "[1000, 2000]",
    to: "[1000, 1000]",
    at: "2:68",
    says: ['two models are called "base.1000"'],
  },
  {
    what: "checkpoints of another type",
    from: "[1000, 2000]",
    to: "3",
    at: "2:48",
    says: ["models.base.checkpoints must be"],
  },
  {
    what: "paths beside a path",
    from: "[1000, 2000]",
    to: "{ a: ./a.gguf }",
    at: "2:11",
    says: ["a path beside checkpoints that have paths of their own"],
  },
];
for (const { what, from, to, code = "CONFIG_INVALID", at, says } of bad) {
  test(`refused: ${what}`, async (t) => {
    const changed = text.replace(from, to);
    t.not(changed, text);
    const error = await faultOf(t, loadText(t, changed));
    t.is(error.code, code, error.message);
    t.is(placeOf(error), at, error.message);
    for (const part of says) t.true(error.message.includes(part), error.message);
    t.false(error.message.includes("more problem"), error.message);
  });
}

test("more cells than anybody compares are refused with the product", async (t) => {
  const many = Array.from({ length: 101 }, (_, index) => index).join(", ");
  const error = await faultOf(
    t,
    loadText(
      t,
      `models: { a: { path: "{checkpoint}.gguf", checkpoints: [${many}] } }
dataset: builtin
matrix: { model: a, strategy: { ${Array.from({ length: 100 }, (_, index) => `s${index}: chat`).join(", ")} } }
`,
    ),
  );
  t.true(error.message.includes("101 × 100 systems; with it the matrix holds 10100, and at most 10000"), error.message);
  t.is(placeOf(error), "3:1");
});

test("a value more on an axis renames no system, and every kept cell is there once", async (t) => {
  const folder = await writeFiles(t, {});
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(names, names, fc.option(names, { nil: null }), async (models, strategies, decodings) => {
      const load = async (kept: readonly string[]) => {
        await writeInto(folder, {
          "experiment.yaml": JSON.stringify({
            models: Object.fromEntries(models.map((id) => [id, `./${id}.gguf`])),
            dataset: "builtin",
            matrix: {
              model: models,
              strategy: Object.fromEntries(kept.map((id) => [id, "chat"])),
              ...(decodings === null ? {} : { decoding: Object.fromEntries(decodings.map((id) => [id, "greedy"])) }),
            },
          }),
        });
        return new Set(idsOf((await loadFrom(folder)).experiment.systems));
      };
      const all = await load(strategies);
      t.is(all.size, models.length * strategies.length * (decodings?.length ?? 1));
      if (strategies.length > 1) for (const id of await load(strategies.slice(0, -1))) t.true(all.has(id), id);
    }),
    { numRuns: 40 },
  );
});

test("whatever stands where a matrix, checkpoints or shifts are wanted: it loads or is refused with a code and a place", async (t) => {
  const word = fc.constantFrom(
    "base",
    "aligned",
    "chat",
    "use",
    "preset",
    "greedy",
    "*",
    "base.*",
    "{checkpoint}",
    "a/b",
    "",
  );
  const key = fc.constantFrom("model", "strategy", "decoding", "exclude", "use", "preset", "answers", "subjects", "k");
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.constantFrom(0, 1000, true, null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const folder = await writeFiles(t, { "experiment.yaml": text });
  const place = fc.constantFrom(
    "matrix",
    "matrix.0",
    "matrix.0.strategy",
    "shifts",
    "models.base.checkpoints",
    "models.base",
  );
  await fc.assert(
    fc.asyncProperty(place, value, async (where, written) => {
      const outcome: unknown = await loadFrom(folder, { set: [`${where}=${JSON.stringify(written)}`] }).catch(
        (error: unknown) => error,
      );
      if (!(outcome instanceof Error)) return;
      if (!isUnshiftError(outcome)) throw outcome;
      t.is(outcome.exitCode, 2);
      t.not(outcome.where?.file, undefined);
    }),
    { numRuns: 400 },
  );
});

test("--sample names samples, over the file's own choice of them; --limit still counts", async (t) => {
  const folder = await writeFiles(t, {
    "experiment.yaml": `${head.replace("builtin\n", "{ use: builtin, ids: [a], limit: 1, where: { kind: fact } }\n")}systems: { a: { model: aligned, strategy: chat } }\n`,
  });
  const { experiment } = await loadFrom(folder, { samples: ["q-2", "7"] });
  t.deepEqual([experiment.dataset.ids, experiment.dataset.limit], [["q-2", "7"], null]);
  t.deepEqual(experiment.dataset.where, { kind: ["fact"] });
  t.is((await loadFrom(folder, { samples: ["q-2", "7"], limit: 1 })).experiment.dataset.limit, 1);
  t.is((await loadFrom(folder, { samples: [] })).experiment.dataset.limit, 1);
  const error = await faultOf(t, loadFrom(folder, { samples: ["x", "x"] }));
  t.is(placeOf(error), "--sample x");
});
