import { type Example, type PluginContext, UnshiftError } from "@unshift/contracts";
import { checkContext, modelView, validateOptions } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";
import { loadExamples } from "../src/load-examples.js";

const examples: readonly Example[] = [
  { id: "a", instruction: "A?", output: "a" },
  { id: "b", instruction: "B?", output: " " },
  { id: "c", instruction: " “a” ", output: "other" },
  { id: "d", instruction: "D?", output: "d" },
];
const provenance = { files: [{ name: "train.jsonl" }] };

function offering(given: readonly Example[]): PluginContext & { readonly asked: unknown[]; readonly said: string[] } {
  const asked: unknown[] = [];
  const said: string[] = [];
  return {
    ...checkContext("/nowhere"),
    asked,
    said,
    log: (level, message) => said.push(`${level}: ${message}`),
    examples: async (source) => {
      asked.push(source);
      return {
        examples: (async function* () {
          yield* given;
        })(),
        provenance,
      };
    },
  };
}

test("the train part of the experiment's dataset: what shows nothing new is left out, counted and told", async (t) => {
  const context = offering(examples);
  const set = await loadExamples("dataset", context);
  t.deepEqual(context.asked, ["dataset"]);
  t.deepEqual(
    set.examples.map(({ id }) => id),
    ["a", "d"],
  );
  t.deepEqual(set.leftOut, { empty: 1, duplicate: 1, withInput: 0 });
  t.deepEqual(set.source, provenance);
  t.regex(context.said.join(), /^warn: the examples "dataset": 2 used; left out 1 with an empty text, 1 with/);
});

test("the hash is that of the examples, whatever the dataset says of itself", async (t) => {
  const first = await loadExamples("dataset", offering(examples));
  t.is((await loadExamples({ use: "files", path: "./x.jsonl" }, offering(examples))).sha256, first.sha256);
  const other = await loadExamples("dataset", offering(examples.map((one) => ({ ...one, output: `${one.output}!` }))));
  t.not(other.sha256, first.sha256);
});

test("another dataset is named with its options; the prompt records where its examples came from", async (t) => {
  const context = offering(examples);
  const written = { k: 2, examples: { use: "files", path: "./q.jsonl", train: "./t.jsonl" } };
  const contributed = plugin.strategies?.icl;
  const options = await validateOptions(contributed?.options, written);
  const strategy = await contributed?.create(options, context);
  t.deepEqual(context.asked, [{ use: "files", options: { path: "./q.jsonl", train: "./t.jsonl" } }]);
  const sample = { id: "s", messages: [{ role: "user" as const, content: "Why?" }], reference: [], tags: {} };
  const prompt = await strategy?.build(sample, modelView());
  t.like(prompt?.provenance, { examples: written.examples, source: provenance, exampleIds: ["a", "d"] });
});

test("faults: none to be had, fewer than k, an id twice; what the dataset throws passes on", async (t) => {
  await t.throwsAsync(loadExamples("dataset", checkContext()), { code: "EXAMPLES_NONE" });
  const none = new UnshiftError("EXAMPLES_NONE", "the dataset has no train part");
  const context = { ...checkContext(), examples: () => Promise.reject(none) };
  t.is(await t.throwsAsync(loadExamples("dataset", context)), none);
  const twice = offering([...examples, { id: "d", instruction: "E?", output: "e" }]);
  await t.throwsAsync(loadExamples("dataset", twice), { code: "DATASET_DUPLICATE_ID", message: /"d"/ });
  const contributed = plugin.strategies?.icl;
  const options = await validateOptions(contributed?.options, { k: 3, examples: "dataset" });
  await t.throwsAsync(async () => contributed?.create(options, offering(examples)), {
    code: "EXAMPLES_TOO_FEW",
    message: '3 examples are asked for, the examples "dataset" hold 2',
  });
  await t.throwsAsync(validateOptions(contributed?.options, { examples: { path: "x" } }), { message: /use/ });
});
