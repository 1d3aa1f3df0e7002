import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Message, type ModelView, normalisedInstruction, type Prompt, type Strategy } from "@unshift/contracts";
import {
  checkContext,
  checkPlugin,
  checkStrategy,
  contractSamples,
  modelView,
  validateOptions,
} from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import plugin from "../src/index.js";
import type { RetrievalOptions } from "../src/options.js";
import { preparation, wordEmbedder } from "./support/word-embedder.js";

function offered() {
  const contribution = plugin.strategies?.["retrieval-icl"];
  if (contribution === undefined) throw new Error("the plugin offers retrieval-icl");
  return contribution;
}
const contributed = offered();

const folder = await mkdtemp(join(tmpdir(), "retrieval-icl-"));
const animals = ["cat", "dog", "bird", "fish", "horse", "cow"];
const rows = animals.map((animal, index) => ({
  id: animal,
  instruction: `What does a ${animal} eat?`,
  output: `A ${animal} eats\n\nfood number ${index}.`,
}));
await writeFile(join(folder, "six.json"), JSON.stringify(rows));
await writeFile(
  join(folder, "many.jsonl"),
  [
    ...contractSamples.map(({ id, messages }) => ({ id, instruction: messages.at(-1)?.content, output: "Yes." })),
    ...rows,
  ]
    .map((row) => JSON.stringify(row))
    .join("\n"),
);

test.after.always(() => rm(folder, { recursive: true }));

const user = (content: string): Message => ({ role: "user", content });
const sample = (messages: readonly Message[]) => ({ id: "s", messages, reference: [], tags: {} });
interface Prepared {
  readonly strategy: Strategy;
  readonly notes: readonly string[];
  readonly logged: readonly string[];
  readonly embedded: readonly string[];
}
let caches = 0;
async function prepared(options: Partial<RetrievalOptions>, model: Partial<ModelView> = {}): Promise<Prepared> {
  caches += 1;
  const embedder = wordEmbedder();
  const work = preparation(join(folder, `cache${caches}`), embedder);
  const logged: string[] = [];
  const context = { ...checkContext(folder), log: (_: string, message: string) => logged.push(message) };
  const chosen = await validateOptions<RetrievalOptions>(contributed.options, { corpus: "six.json", ...options });
  const strategy = await contributed.create(chosen, context);
  await strategy.prepare?.(modelView(model), work);
  return { strategy, notes: work.notes, logged, embedded: embedder.embedded };
}
async function build(
  options: Partial<RetrievalOptions>,
  messages: readonly Message[] = [user("What does a big cat eat?")],
  model: Partial<ModelView> = {},
): Promise<Prompt> {
  return (await prepared(options, model)).strategy.build(sample(messages), modelView(model));
}
interface Shown {
  readonly id: string;
  readonly score: number;
  readonly cut: boolean;
}
const demonstrations = (prompt: Prompt) => prompt.provenance.demonstrations as unknown as readonly Shown[];
const ids = (prompt: Prompt) => demonstrations(prompt).map(({ id }) => id);
const pair = (animal: string) =>
  `# Query:\n\`\`\`\nWhat does a ${animal} eat?\n\`\`\`\n\n# Answer:\n\`\`\`\nA ${animal} eats\n\nfood number ${animals.indexOf(animal)}.\n\`\`\`\n`;
const asked = (question: string) => `# Query:\n\`\`\`\n${question}\n\`\`\`\n\n# Answer:\n\`\`\`\n`;

test("it keeps the contract, by every index and with every option", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  const settings: Partial<RetrievalOptions>[] = [
    {},
    { index: "hnsw", k: 6, system: "Be kind." },
    { index: "bm25", bm25: { k1: 0.9, b: 0.4 } },
    { corpus: "many.jsonl", k: 5, exclude: ["plain-2"], separator: "" },
    { tokenBudget: 60, embedder: "./model.gguf", pooling: "last" },
    { cleaning: "urial-compat", maxWords: 2 },
  ];
  for (const options of settings)
    await t.notThrowsAsync(
      checkStrategy(contributed, { options: { corpus: "six.json", ...options }, folder }),
      JSON.stringify(options),
    );
});

test("the prompt, byte for byte: the nearest last, a line behind each", async (t) => {
  for (const index of ["exact", "hnsw", "bm25"] as const) {
    const prompt = await build({ k: 2, index });
    const [far = ""] = ids(prompt);
    t.deepEqual(ids(prompt), [far, "cat"], index);
    t.is(prompt.text, `${pair(far)}\n---\n\n${pair("cat")}\n---\n\n${asked("What does a big cat eat?")}`);
    t.is(prompt.staticChars, 0);
    t.false(prompt.parseSpecial);
    t.is(prompt.bos, "auto");
    t.true(prompt.codeBlocks);
    t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
    t.deepEqual([prompt.stopAlways, prompt.trimEnd], [["\n# Query:\n```"], ["\n```"]]);
    t.like(prompt.provenance, { format: "fenced", k: 2, maxWords: 300, separator: "---", exampleTokens: 40 });
    t.like(prompt.provenance.corpus, { file: "six.json", examples: 6, heldOut: 0 });
    t.like(prompt.provenance.index, { kind: index });
    t.regex(JSON.stringify(prompt.provenance.corpus), /"sha256":"[0-9a-f]{64}"/);
  }
  const dense = await build({ pooling: null });
  t.deepEqual(dense.provenance.index, { kind: "exact", embedder: "words", pooling: "mean", dimensions: 32 });
  const words = await build({ index: "bm25", bm25: { k1: 2, b: 0 } });
  t.deepEqual(words.provenance.index, { kind: "bm25", k1: 2, b: 0 });
});

test("a system text, another separator, none, earlier turns", async (t) => {
  const system = await build({ k: 1, system: "Be kind.", separator: "***" });
  t.is(system.text, `Be kind.\n\n${pair("cat")}\n***\n\n${asked("What does a big cat eat?")}`);
  t.is(system.text.slice(0, system.staticChars), "Be kind.\n");
  t.is(system.provenance.system, "Be kind.");
  const chat = await build({ k: 1, separator: "" }, [
    user("Who?"),
    { role: "assistant", content: "I." },
    user("What does a big cat eat?"),
  ]);
  t.is(chat.text, `${pair("cat")}\n${asked("Who?")}I.\n\`\`\`\n\n${asked("What does a big cat eat?")}`);
});

test("answers are cut by words, and said so", async (t) => {
  const prompt = await build({ k: 1, maxWords: 4 });
  t.true(prompt.text.includes("\n```\nA cat eats\n\nfood\n```\n"));
  t.is(demonstrations(prompt)[0]?.cut, true);
  t.is(demonstrations(await build({ k: 1, maxWords: 5 }))[0]?.cut, true);
  t.is(demonstrations(await build({ k: 1, maxWords: 6 }))[0]?.cut, false);
});

test("what the sample or an earlier turn asks, and what is held out, is never shown", async (t) => {
  const own = await build({ k: 5 }, [user(" “what does a CAT  eat” ")]);
  t.false(ids(own).includes("cat"));
  t.deepEqual(own.provenance.excludedIds, ["cat"]);
  const turns = await build({ k: 4 }, [
    user("What does a dog eat?"),
    { role: "assistant", content: "What does a bird eat?" },
    user("What does a cat eat?"),
  ]);
  t.deepEqual(ids(turns).toSorted(), ["bird", "cow", "fish", "horse"]);
  const held = await build({ k: 4, exclude: ["cat", "cow"] });
  t.deepEqual(ids(held).toSorted(), ["bird", "dog", "fish", "horse"]);
  t.like(held.provenance.corpus, { examples: 6, heldOut: 2 });
  await t.throwsAsync(build({ k: 6 }, [user("What does a cat eat?")]), {
    code: "EXAMPLES_TOO_FEW",
    message: /^6 examples are asked for, and 5 can be shown beside the question itself/,
  });
});

test("any corpus, sample and hold-outs: none of them is shown; scores rise to the nearest, which stands last", async (t) => {
  const word = fc.constantFrom("red", "Red", "blue", "green ", "what", "日本", "?", "!");
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  const kinds = fc.constantFrom("exact" as const, "hnsw" as const, "bm25" as const);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 4, maxLength: 25 }),
      fc.array(text, { minLength: 1, maxLength: 2 }),
      fc.array(fc.nat(24), { maxLength: 3 }),
      kinds,
      async (instructions, questions, held, index) => {
        runs += 1;
        const corpus = `random${runs}.json`;
        const corpusRows = instructions.map((instruction, row) => ({ id: `r${row}`, instruction, output: "Yes." }));
        await writeFile(join(folder, corpus), JSON.stringify(corpusRows));
        const never = new Set(questions.map(normalisedInstruction));
        for (const row of held) never.add(normalisedInstruction(instructions[row] ?? "no such row"));
        const possible = new Set(instructions.map(normalisedInstruction).filter((key) => !never.has(key)));
        const k = Math.min(3, possible.size);
        if (k === 0) return;
        const exclude = held.map((row) => `r${row}`);
        const messages = questions.map((question) => user(question));
        const prompt = await build({ corpus, k, exclude, index }, messages);
        const shown = demonstrations(prompt);
        t.is(shown.length, k);
        t.is(new Set(ids(prompt)).size, k);
        for (const { id } of shown) {
          const instruction = corpusRows.find((row) => row.id === id)?.instruction ?? "";
          t.true(possible.has(normalisedInstruction(instruction)), `${instruction} is shown`);
        }
        const scores = shown.map(({ score }) => score);
        t.deepEqual(
          scores,
          scores.toSorted((a, b) => a - b),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("equal scores: the earlier in the corpus is nearer", async (t) => {
  const same = ["c", "a", "b"].map((id, row) => ({
    id,
    instruction: `${"?".repeat(row)}red x${row}`.slice(row),
    output: "Yes.",
  }));
  await writeFile(join(folder, "same.json"), JSON.stringify(same));
  t.deepEqual(ids(await build({ corpus: "same.json", index: "bm25" }, [user("red")])), ["b", "a", "c"]);
  t.deepEqual(ids(await build({ corpus: "same.json" }, [user("")])), ["b", "a", "c"]);
});

test("a budget leaves the farthest out and says how many; what cannot fit is refused with the numbers", async (t) => {
  // Words count as tokens: an example has 20 with its line, the question 13.
  const all = await build({ k: 3 });
  t.is(all.provenance.exampleTokens, 60);
  const budgeted = await build({ k: 3, tokenBudget: 59 });
  t.deepEqual(ids(budgeted), ids(all).slice(1));
  t.like(budgeted.provenance, { tokenBudget: 59, leftOutForBudget: 1, exampleTokens: 40, k: 3 });
  t.is((await build({ k: 3, tokenBudget: 60 })).provenance.leftOutForBudget, 0);
  const code = "CONTEXT_TOO_SMALL";
  await t.throwsAsync(build({ k: 3, tokenBudget: 19 }), {
    code,
    message: /nearest example alone has 20 tokens.*tokenBudget is 19/,
  });
  await t.throwsAsync(build({ k: 3 }, undefined, { contextSize: 60 }), {
    code,
    message: /^k: 3: with 3 examples the prompt has 73 tokens, the context of model "model" 60$/,
  });
});

test("what can never fit is refused while preparing, before anything is embedded", async (t) => {
  const code = "CONTEXT_TOO_SMALL";
  await t.throwsAsync(prepared({ tokenBudget: 5000 }), { code, message: /tokenBudget is 5000 tokens, .* has 4096/ });
  await t.throwsAsync(prepared({ k: 6 }, { contextSize: 50 }), {
    code,
    message: /k: 6: .* alone have \d+ tokens, .* has 50/,
  });
});

test("more examples than can be shown: refused before any model is opened, with the numbers", async (t) => {
  await t.throwsAsync(prepared({ k: 7 }), {
    code: "EXAMPLES_TOO_FEW",
    message: /^7 examples are asked for, and 6 can be shown: the corpus "six.json": 6 examples kept/,
  });
  await t.throwsAsync(prepared({ k: 6, exclude: ["cat"] }), {
    code: "EXAMPLES_TOO_FEW",
    message: /and 5 can be shown.*1 held out/,
  });
  await writeFile(
    join(folder, "same-again.json"),
    JSON.stringify([1, 2, 3].map(() => ({ instruction: "Why?", output: "So." }))),
  );
  await t.throwsAsync(prepared({ k: 2, corpus: "same-again.json" }), {
    code: "EXAMPLES_TOO_FEW",
    message: /and 1 can be shown: .* 2 with an instruction that stood before/,
  });
});

test("what is left out, and hold-outs that are not there, are told once", async (t) => {
  const { notes, logged, strategy } = await prepared({ corpus: "many.jsonl", exclude: ["cat", "nobody"] });
  const work = preparation(join(folder, "again"));
  await strategy.prepare?.(modelView({ name: "second" }), work);
  t.deepEqual(work.notes, []);
  t.is(notes.filter((note) => /left out 1 with an empty text/.test(note)).length, 1);
  t.is(notes.filter((note) => /1 are not in the corpus .*"nobody"/.test(note)).length, 1);
  t.is(logged.filter((line) => /left out 1 with an empty text/.test(line)).length, 1);
});

test("options that would have no effect, and a build without preparation, are refused", async (t) => {
  for (const options of [
    { index: "bm25", embedder: "./model.gguf" },
    { index: "bm25", pooling: "mean" },
    { index: "exact", bm25: { k1: 1, b: 0 } },
  ] as const)
    await t.throwsAsync(prepared(options), { code: "PLUGIN_OPTIONS" }, JSON.stringify(options));
  const { strategy } = await prepared({});
  await t.throwsAsync(async () => strategy.build(sample([user("Why?")]), modelView({ name: "other" })), {
    code: "STRATEGY_FAILED",
  });
});

test("a model of one's own is asked for once, by its absolute path; the system's own by each system", async (t) => {
  const chosen = (options: Partial<RetrievalOptions>) =>
    validateOptions<RetrievalOptions>(contributed.options, { corpus: "six.json", ...options });
  for (const [embedder, source, times] of [
    ["./model.gguf", { path: join(folder, "model.gguf") }, 1],
    ["hf:owner/repo/file.gguf", { path: "hf:owner/repo/file.gguf" }, 1],
    ["system", { model: "system" }, 2],
  ] as const) {
    const work = preparation(join(folder, "models"));
    const strategy = await contributed.create(await chosen({ embedder }), checkContext(folder));
    for (const name of ["one", "two", "one"]) await strategy.prepare?.(modelView({ name }), work);
    t.deepEqual(work.asked, new Array(times).fill([source, null]));
    for (const name of ["one", "two"])
      t.is(ids(await strategy.build(sample([user("cat")]), modelView({ name }))).length, 3);
  }
  const work = preparation(join(folder, "words"));
  await (await contributed.create(await chosen({ index: "bm25" }), checkContext(folder))).prepare?.(modelView(), work);
  t.deepEqual(work.asked, []);
});

test("a question is embedded once a run", async (t) => {
  const { strategy, embedded } = await prepared({});
  for (let time = 0; time < 3; time += 1) await strategy.build(sample([user("A question")]), modelView());
  t.deepEqual(embedded.slice(rows.length), ["A question"]);
});

test("urial-compat ends and cleans answers as the released code", async (t) => {
  const { strategy } = await prepared({ cleaning: "urial-compat" });
  const prompt = await strategy.build(sample([user("Why?")]), modelView());
  t.deepEqual([prompt.stop, prompt.trimEnd, prompt.codeBlocks], [["# Query", "# User"], [], undefined]);
  t.is(prompt.provenance.cleaning, "urial-compat");
  t.is(strategy.extract?.({ text: "a ``` b", raw: "", finishReason: "stop" }), "a   b");
  t.is((await prepared({})).strategy.extract, undefined);
});

test("the options of the README are the options of the schema", async (t) => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const listed = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  const properties = (contributed.options as unknown as { readonly properties: object }).properties;
  t.deepEqual(listed.toSorted(), Object.keys(properties).toSorted());
});
