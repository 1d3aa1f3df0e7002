import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorCode, isUnshiftError } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { faultOf, loadFrom, loadText, placeOf, smallest } from "./load.js";
import { writeFiles } from "./write-files.js";

interface Bad {
  readonly what: string;
  readonly text: string;
  readonly code: ErrorCode;
  readonly at: string;
  readonly says: readonly string[];
}

const head = `models:
  base: builtin:tiny-base
  aligned: { path: ./aligned.gguf }
dataset: builtin
systems:
  aligned: { model: aligned, strategy: chat }
  urial: { model: base, strategy: urial }
`;

const cases: readonly Bad[] = [
  {
    what: "an unknown key at the top",
    text: `${smallest}topk: 3\n`,
    code: "CONFIG_UNKNOWN_KEY",
    at: "6:1",
    says: ['unknown key "topk" in the experiment', "Allowed: extends, name", 'Did you mean "topK"?'],
  },
  {
    what: "an unknown key of a system, which says that the right one is missing",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  urial:\n    modle: base\n    strategy: urial\n`,
    code: "CONFIG_UNKNOWN_KEY",
    at: "5:5",
    says: ['unknown key "modle" in systems.urial. Allowed: model, strategy, answers, decoding. Did you mean "model"?'],
  },
  {
    what: "an unknown key in decoding",
    text: `${smallest}decoding: { temperature: 0, maxToken: 3 }\n`,
    code: "CONFIG_UNKNOWN_KEY",
    at: "6:29",
    says: ['"maxToken" in decoding', 'Did you mean "maxTokens"?'],
  },
  {
    what: "a number that is a string",
    text: `${smallest}decoding:\n  temperature: hot\n`,
    code: "CONFIG_INVALID",
    at: "7:3",
    says: ['decoding.temperature must be a number ≥ 0, found "hot" (string).'],
  },
  {
    what: "a preset that is none, short",
    text: `${smallest}decoding: paper-bse\n`,
    code: "CONFIG_INVALID",
    at: "6:11",
    says: [
      "decoding.preset must be one of greedy, paper-base, paper-aligned",
      'found "paper-bse" (string). Did you mean "paper-base"?',
    ],
  },
  {
    what: "a preset that is none, of a system",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  a: { model: base, strategy: chat, decoding: { preset: urial-bnch } }\n`,
    code: "CONFIG_INVALID",
    at: "4:49",
    says: ["systems.a.decoding.preset must be one of greedy", 'Did you mean "urial-bench"?'],
  },
  {
    what: "a number where decoding is wanted",
    text: `${smallest}decoding: 3\n`,
    code: "CONFIG_INVALID",
    at: "6:1",
    says: ["decoding must be one of greedy, paper-base", ", or a map, found 3 (number)."],
  },
  {
    what: "a number out of range",
    text: `${smallest}parallel: 0\n`,
    code: "CONFIG_INVALID",
    at: "6:1",
    says: ["parallel must be an integer from 1 to 256, found 0 (number)."],
  },
  {
    what: "a fraction where a count is wanted",
    text: `${smallest}decoding: { maxTokens: 1.5 }\n`,
    code: "CONFIG_INVALID",
    at: "6:13",
    says: ["decoding.maxTokens must be an integer ≥ 1, found 1.5 (number)."],
  },
  {
    what: "a word that is not among the allowed ones",
    text: `${smallest}numerics: exact\n`,
    code: "CONFIG_INVALID",
    at: "6:1",
    says: ['numerics must be one of strict, fast, found "exact" (string).'],
  },
  {
    what: "a list where a map is wanted",
    text: `models: [a]\ndataset: builtin\nsystems:\n  a: { model: a, strategy: chat }\n`,
    code: "CONFIG_INVALID",
    at: "1:1",
    says: ["models must be a map, found a list of 1."],
  },
  {
    what: "a number where a strategy is wanted",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  a: { model: base, strategy: 3 }\n`,
    code: "CONFIG_INVALID",
    at: "4:21",
    says: ["systems.a.strategy must be an id, or a map with `use`, found 3 (number)."],
  },
  {
    what: "an item of a list with the wrong type",
    text: `${head}shifts:\n  - answers: aligned\n    subjects: [urial, 3]\n`,
    code: "CONFIG_INVALID",
    at: "10:23",
    says: ["shifts[0].subjects[1] must be a non-empty string, found 3 (number)."],
  },
  {
    what: "a null",
    text: `${smallest}name:\n`,
    code: "CONFIG_INVALID",
    at: "6:1",
    says: ["name must be letters, digits", "found nothing (null)."],
  },
  {
    what: "a missing key",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  urial: { model: base }\n`,
    code: "CONFIG_INVALID",
    at: "4:3",
    says: ['missing key "strategy" in systems.urial.'],
  },
  {
    what: "no systems",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\n`,
    code: "CONFIG_INVALID",
    at: "1:1",
    says: ['missing key "systems" in the experiment.', "For example: systems:"],
  },
  {
    what: "systems without one",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems: {}\n`,
    code: "CONFIG_INVALID",
    at: "3:1",
    says: ["systems is empty", "at least one"],
  },
  {
    what: "an id that is none",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  "my system": { model: base, strategy: chat }\n`,
    code: "CONFIG_INVALID",
    at: "4:3",
    says: ['"my system" cannot be an id in systems. Allowed: letters, digits'],
  },
  {
    what: "a model that is not there",
    text: `models: { base: builtin:tiny-base }\ndataset: builtin\nsystems:\n  urial: { model: bse, strategy: urial }\n`,
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "4:12",
    says: ['systems.urial.model names the model "bse"', "Allowed: base.", 'Did you mean "base"?'],
  },
  {
    what: "answers of a system that is not there",
    text: `${head}shifts:\n  - { answers: alined, subjects: [urial] }\n`,
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "9:7",
    says: ['shifts[0].answers names the system "alined"', "Allowed: aligned, urial.", 'Did you mean "aligned"?'],
  },
  {
    what: "a subject that is not there",
    text: `${head}shifts:\n  - { answers: aligned, subjects: [uriel] }\n`,
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "9:36",
    says: ['shifts[0].subjects[0] names the system "uriel"', 'Did you mean "urial"?'],
  },
  {
    what: "a subject twice",
    text: `${head}shifts:\n  - { answers: aligned, subjects: [urial, urial] }\n`,
    code: "CONFIG_INVALID",
    at: "9:43",
    says: ['compared with "urial" twice'],
  },
  {
    what: "a pair that two shifts have",
    text: `${head}shifts:\n  - { answers: aligned, subjects: [urial] }\n  - { answers: aligned, subjects: [urial] }\n`,
    code: "CONFIG_INVALID",
    at: "10:36",
    says: ['shifts[1].subjects[0]: the answers of "aligned" are compared with "urial" twice'],
  },
  {
    what: "a system compared with itself",
    text: `${head}shifts:\n  - { answers: aligned, subjects: [aligned] }\n`,
    code: "CONFIG_INVALID",
    at: "9:36",
    says: ['compared with "aligned" itself'],
  },
  {
    what: "a judge of pairs that puts a system beside itself, and a pair twice",
    text: `${head}judges:\n  - { use: pairwise, engine: it, pairs: [[aligned, aligned], [aligned, urial], [urial, aligned]] }\njudgeEngines: { it: { use: openai } }\n`,
    code: "CONFIG_INVALID",
    at: "9:42",
    says: [
      'judges[0].pairs[0] puts "aligned" beside itself',
      'judges[0].pairs[2] puts "urial" and "aligned" side by side again',
    ],
  },
  {
    what: "two judges of one name",
    text: `${smallest}judges:\n  - reference\n  - { use: reference, strict: true }\n`,
    code: "CONFIG_INVALID",
    at: "8:7",
    says: ['the judge "reference" is there twice'],
  },
  {
    what: "a plugin listed twice",
    text: `${smallest}plugins: [./a.ts, ./a.ts]\n`,
    code: "CONFIG_INVALID",
    at: "6:19",
    says: ['the plugin "./a.ts" is there twice'],
  },
  {
    what: "an embedded model that is not there",
    text: smallest.replace("tiny-base", "tiny-bse"),
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "2:11",
    says: ['no embedded model "tiny-bse"', "builtin:tiny-aligned, builtin:tiny-base", 'Did you mean "tiny-base"?'],
  },
  {
    what: "a path on the hub that names no GGUF",
    text: smallest.replace("builtin:tiny-base", "hf:owner/repo@main"),
    code: "CONFIG_INVALID",
    at: "2:11",
    says: ["names no GGUF file on the Hugging Face hub", "hf:OWNER/REPO/FILE.gguf", "@REVISION"],
  },
  {
    what: "a model behind a URL",
    text: smallest.replace("builtin:tiny-base", "https://x.test/f.gguf"),
    code: "CONFIG_INVALID",
    at: "2:11",
    says: ['begins with "https:"', "Allowed: builtin:NAME"],
  },
  {
    what: "a variable where no secret is",
    text: `${smallest}name: \${HOME}\n`,
    code: "CONFIG_SECRET",
    at: "6:1",
    says: ["name is", "only in options of plugins"],
  },
  {
    what: "a key twice",
    text: `models:\n  base: builtin:tiny-base\n  base: builtin:tiny-aligned\n`,
    code: "CONFIG_SYNTAX",
    at: "3:3",
    says: ['the key "base" is written twice in one map'],
  },
  {
    what: "an open bracket",
    text: `models:\n  base: [1, 2\nx: 3\n`,
    code: "CONFIG_SYNTAX",
    at: "3:1",
    says: ["not valid YAML"],
  },
  { what: "a tab", text: "models:\n\tbase: x\n", code: "CONFIG_SYNTAX", at: "2:1", says: ["tab"] },
  {
    what: "two documents",
    text: `${smallest}---\na: 1\n`,
    code: "CONFIG_SYNTAX",
    at: "6:1",
    says: ["one experiment per file"],
  },
  {
    what: "an alias of nothing",
    text: "models: *base\n",
    code: "CONFIG_SYNTAX",
    at: "1:9",
    says: ["*base has no anchor"],
  },
  {
    what: "an alias of itself",
    text: "models: &a\n  base: *a\n",
    code: "CONFIG_SYNTAX",
    at: "2:3",
    says: ["contain itself"],
  },
  {
    what: "a merge of itself",
    text: "models: &a\n  <<: *a\n",
    code: "CONFIG_SYNTAX",
    at: "2:3",
    says: ["contain itself"],
  },
  { what: "an empty file", text: "", code: "CONFIG_INVALID", at: "1:1", says: ["the file is empty"] },
  {
    what: "a file of comments",
    text: "# nothing yet\n",
    code: "CONFIG_INVALID",
    at: "1:1",
    says: ["the file is empty"],
  },
  {
    what: "a list",
    text: "- a\n- b\n",
    code: "CONFIG_INVALID",
    at: "1:1",
    says: ["an experiment is a map of keys", "found a list of 2"],
  },
  {
    what: "an infinite number",
    text: "a: 1\nseed: .inf\n",
    code: "CONFIG_INVALID",
    at: "2:7",
    says: ["finite numbers"],
  },
  {
    what: "a key that would change all maps",
    text: "models: { __proto__: x }\n",
    code: "CONFIG_UNKNOWN_KEY",
    at: "1:11",
    says: ["__proto__"],
  },
];

for (const { what, text, code, at, says } of cases) {
  test(`refused: ${what}`, async (t) => {
    const error = await faultOf(t, loadText(t, text));
    t.is(error.code, code);
    t.is(error.exitCode, 2);
    t.is(placeOf(error), at);
    for (const part of says) t.true(error.message.includes(part), `${JSON.stringify(part)} in:\n${error.message}`);
  });
}

test("all problems are told at once, in reading order, each with its place", async (t) => {
  const error = await faultOf(
    t,
    loadText(
      t,
      `models: { base: builtin:tiny-base }
dataset: { use: builtin, limit: many }
systems:
  urial: { model: bse, strategy: urial, decodng: {} }
shifts:
  - { answers: urial, subjects: [chat] }
numerics: exact
`,
    ),
  );
  t.is(error.code, "CONFIG_INVALID");
  t.is(placeOf(error), "2:26");
  const lines = error.message.split("\n");
  t.is(lines[0], 'dataset.limit must be an integer ≥ 1 or null, found "many" (string).');
  t.is(lines[1], "4 more problems:");
  t.deepEqual(
    lines.slice(2).map((line) => line.trim().split(": ")[0]),
    ["experiment.yaml:4:12", "experiment.yaml:4:41", "experiment.yaml:6:34", "experiment.yaml:7:1"],
  );
});

test("whatever is in the file, it loads or is refused with a code and a place", async (t) => {
  const folder = await writeFiles(t, {});
  const line = fc.constantFrom(
    ...smallest.split("\n"),
    "judges: [",
    "  - &a { use: x }",
    "<<: *a",
    "extends: []",
    "seed: -1",
    "? [a]: b",
    "plugins: {}",
  );
  const text = fc.oneof(
    fc.array(line).map((lines) => lines.join("\n")),
    fc.string({ unit: "grapheme" }).map((tail) => smallest + tail),
  );
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      await writeFile(join(folder, "experiment.yaml"), content);
      const outcome = await loadFrom(folder).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      t.true(isUnshiftError(outcome), outcome.stack);
      if (isUnshiftError(outcome)) t.is(typeof outcome.where?.line, "number", outcome.message);
    }),
    { numRuns: 300 },
  );
});
