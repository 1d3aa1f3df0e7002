import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, ModelView, Preparation, Prompt } from "@unshift/contracts";
import { checkPlugin, checkStrategy, contractSamples, createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import type { IclOptions } from "../src/icl-strategy.js";
import plugin from "../src/index.js";

function offered() {
  const contribution = plugin.strategies?.icl;
  if (contribution === undefined) throw new Error("the plugin offers icl");
  return contribution;
}
const contributed = offered();

const rows = Array.from({ length: 6 }, (_, index) => ({
  id: `e${index}`,
  instruction: `Question ${index}?`,
  output: `Answer ${index}.`,
}));
const folder = await mkdtemp(join(tmpdir(), "icl-"));
await writeFile(join(folder, "six.json"), JSON.stringify(rows));
test.after.always(() => rm(folder, { recursive: true }));

const user = (content: string): Message => ({ role: "user", content });
const create = (options: Partial<IclOptions>) =>
  createForCheck(contributed, { options: { examples: "six.json", ...options }, folder });
async function build(
  options: Partial<IclOptions>,
  messages: readonly Message[] = [user("Why?")],
  model: Partial<ModelView> = {},
): Promise<Prompt> {
  return (await create(options)).build({ id: "s", messages, reference: [], tags: {} }, modelView(model));
}
const pair = (question: number, answer = question) =>
  `# Query:\n\`\`\`\nQuestion ${question}?\n\`\`\`\n\n# Answer:\n\`\`\`\nAnswer ${answer}.\n\`\`\`\n`;
const asked = "# Query:\n```\nWhy?\n```\n\n# Answer:\n```\n";
const ids = (prompt: Prompt) => prompt.provenance.exampleIds as readonly string[];

test("it keeps the contract, whatever the order, the labels, the system text and K", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  const settings: Partial<IclOptions>[] = [
    {},
    { k: 0 },
    { k: 24, order: "shuffled", seed: 3 },
    { k: "max", tokenBudget: 120 },
    { labels: "shifted", system: "Be kind." },
    { labels: "random", seed: 5 },
    { labels: "none" },
    { cleaning: "urial-compat" },
  ];
  for (const options of settings)
    await t.notThrowsAsync(checkStrategy(contributed, { options }), JSON.stringify(options));
});

test("samples that are examples themselves keep the contract too", async (t) => {
  const samples = [
    ...contractSamples,
    ...rows.map(({ id, instruction }) => ({ id, messages: [user(instruction)], reference: [], tags: {} })),
  ];
  for (const order of ["given", "shuffled"] as const)
    await t.notThrowsAsync(
      checkStrategy(contributed, { options: { examples: "six.json", k: 4, order }, folder, samples }),
    );
});

test("the prompt, byte for byte", async (t) => {
  const prompt = await build({ k: 2 });
  t.is(prompt.text, `${pair(0)}\n${pair(1)}\n${asked}`);
  t.is(prompt.text.slice(0, prompt.staticChars), `${pair(0)}\n${pair(1)}\n# Query:\n\`\`\`\n`);
  t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
  t.deepEqual(prompt.trimEnd, ["\n```"]);
  t.is(prompt.codeBlocks, true);
  t.deepEqual(prompt.stopAlways, ["\n# Query:\n```"]);
  t.false(prompt.parseSpecial);
  t.is(prompt.bos, "auto");
  t.like(prompt.provenance, {
    format: "fenced",
    examples: "six.json",
    k: 2,
    available: 6,
    labels: "right",
    order: "given",
  });
  t.deepEqual(ids(prompt), ["e0", "e1"]);
  t.regex(String(prompt.provenance.sha256), /^[0-9a-f]{64}$/);
});

test("a system text, no example at all, earlier turns", async (t) => {
  t.is((await build({ k: 1, system: "Be kind." })).text, `Be kind.\n\n${pair(0)}\n${asked}`);
  const none = await build({ k: 0 });
  t.is(none.text, asked);
  t.is(none.text.slice(0, none.staticChars), "# Query:\n```\n");
  const chat = await build({ k: 1 }, [user("Who?"), { role: "assistant", content: "I." }, user("Why?")]);
  t.is(chat.text, `${pair(0)}\n# Query:\n\`\`\`\nWho?\n\`\`\`\n\n# Answer:\n\`\`\`\nI.\n\`\`\`\n\n${asked}`);
});

test("labels: the answers of the next one, of another at random, none", async (t) => {
  const shifted = await build({ k: 3, labels: "shifted" });
  t.is(shifted.text, `${pair(0, 1)}\n${pair(1, 2)}\n${pair(2, 0)}\n${asked}`);
  t.deepEqual(shifted.provenance.answerIds, ["e1", "e2", "e0"]);
  const random = await build({ k: 6, labels: "random", seed: 1 });
  const from = random.provenance.answerIds as readonly string[];
  t.deepEqual([...from].sort(), ids(random).toSorted());
  t.true(from.every((id, index) => id !== ids(random)[index]));
  t.is(
    random.text,
    `${ids(random)
      .map((id, index) => pair(Number(id.slice(1)), Number(from[index]?.slice(1))))
      .join("\n")}\n${asked}`,
  );
  t.is((await build({ k: 6, labels: "random", seed: 1 })).text, random.text);
  const others = await Promise.all([2, 3, 4, 5].map((seed) => build({ k: 6, labels: "random", seed })));
  t.true(others.some(({ text }) => text !== random.text));
  t.is(
    (await build({ k: 2, labels: "none" })).text,
    `# Query:\n\`\`\`\nQuestion 0?\n\`\`\`\n\n# Query:\n\`\`\`\nQuestion 1?\n\`\`\`\n\n${asked}`,
  );
});

test("shuffled draws by seed, and a smaller K shows the first of a larger one", async (t) => {
  const all = ids(await build({ k: 6, order: "shuffled", seed: 1 }));
  t.deepEqual(
    all.toSorted(),
    rows.map(({ id }) => id),
  );
  t.deepEqual(ids(await build({ k: 3, order: "shuffled", seed: 1 })), all.slice(0, 3));
  const orders = await Promise.all([2, 3, 4].map((seed) => build({ k: 6, order: "shuffled", seed })));
  t.true(orders.some((prompt) => ids(prompt).join() !== all.join()));
});

test("what the sample asks is never shown; the next example takes its place", async (t) => {
  const prompt = await build({ k: 3 }, [user('  "question  1" ')]);
  t.deepEqual(ids(prompt), ["e0", "e2", "e3"]);
  t.deepEqual(prompt.provenance.excludedIds, ["e1"]);
  t.is(prompt.text.slice(0, prompt.staticChars), pair(0));
  const earlier = await build({ k: 2 }, [user("Question 0?"), { role: "assistant", content: "?" }, user("Why?")]);
  t.deepEqual(ids(earlier), ["e1", "e2"]);
  t.is(earlier.staticChars, 0);
  t.false("excludedIds" in (await build({ k: 1 }, [user("Question 5?")])).provenance);
  await t.throwsAsync(build({ k: 6 }, [user("Question 1?")]), {
    code: "EXAMPLES_TOO_FEW",
    message: /^6 examples .* hold 5 beside the question itself$/,
  });
});

test("max takes as many as fit in the budget, or in half of the context", async (t) => {
  // Words count as tokens: an example has 12.
  const count = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;
  t.is(count(pair(0)), 12);
  for (const [tokenBudget, k] of [
    [12, 1],
    [23, 1],
    [24, 2],
    [71, 5],
    [72, 6],
    [500, 6],
  ] as const) {
    const prompt = await build({ k: "max", tokenBudget });
    t.is(prompt.provenance.k, k, `${tokenBudget}`);
    t.is(prompt.provenance.exampleTokens, 12 * k);
    t.is(prompt.provenance.tokenBudget, tokenBudget);
  }
  t.is((await build({ k: "max" }, undefined, { contextSize: 72 })).provenance.k, 3);
  const own = await build({ k: "max", tokenBudget: 36 }, [user("Question 0?")]);
  t.deepEqual(ids(own), ["e1", "e2", "e3"]);
});

test("max asks for few token counts, however many examples there are", async (t) => {
  const many = Array.from({ length: 50_000 }, (_, index) => ({ instruction: `Question ${index}?`, output: "Yes." }));
  await writeFile(join(folder, "many.jsonl"), many.map((row) => JSON.stringify(row)).join("\n"));
  let characters = 0;
  const countTokens = (text: string) => {
    characters += text.length;
    return text.length / 4;
  };
  const model = modelView({ countTokens, contextSize: 4096 });
  const strategy = await create({ k: "max", examples: "many.jsonl" });
  const prompt = await strategy.build({ id: "s", messages: [user("Why?")], reference: [], tags: {} }, model);
  t.true(Number(prompt.provenance.exampleTokens) <= 2048);
  t.true(Number(prompt.provenance.exampleTokens) > 2048 - 20);
  t.true(characters < 200_000, `${characters} characters counted`);
});

test("more examples than there are: refused before any sample, with the numbers", async (t) => {
  await t.throwsAsync(create({ k: 7 }), {
    code: "EXAMPLES_TOO_FEW",
    message: '7 examples are asked for, the examples "six.json" hold 6',
  });
  await writeFile(join(folder, "none.json"), "[]");
  await t.throwsAsync(create({ k: "max", examples: "none.json" }), {
    code: "EXAMPLES_TOO_FEW",
    message: /^1 .* hold 0$/,
  });
  await t.notThrowsAsync(create({ k: 0, examples: "none.json" }));
});

test("more tokens than the budget or the context hold: refused with the numbers", async (t) => {
  const code = "CONTEXT_TOO_SMALL";
  await t.throwsAsync(build({ k: 3, tokenBudget: 35 }), {
    code,
    message: /^k: 3: the examples have 36 tokens, tokenBudget is 35$/,
  });
  await t.throwsAsync(build({ k: 3 }, undefined, { contextSize: 36 }), {
    code,
    message: /have 36 tokens, the context of model "model" 36/,
  });
  await t.throwsAsync(build({ k: "max", tokenBudget: 11 }), {
    code,
    message: /at least 1 of the 6 examples, which has 12 tokens; the budget is 11/,
  });
  await t.throwsAsync(build({ k: "max", tokenBudget: 23, labels: "shifted" }), {
    code,
    message: /at least 2 .* have 24 tokens/,
  });
  await t.throwsAsync(build({ k: "max", tokenBudget: 5000 }), {
    code,
    message: /tokenBudget is 5000, the context of model "model" 4096/,
  });
});

test("both are refused before any answer: when the strategy prepares itself for a model", async (t) => {
  const preparation: Preparation = {
    signal: new AbortController().signal,
    cacheFolder: folder,
    embedder: () => Promise.reject(new Error("no embedder is needed")),
    progress: () => undefined,
    note: () => undefined,
  };
  const prepared = async (options: Partial<IclOptions>, contextSize: number) =>
    (await create(options)).prepare?.(modelView({ contextSize }), preparation);
  await t.throwsAsync(prepared({ k: 3 }, 36), { code: "CONTEXT_TOO_SMALL", message: /36 tokens/ });
  await t.throwsAsync(prepared({ k: "max", tokenBudget: 11 }, 100), {
    code: "CONTEXT_TOO_SMALL",
    message: /budget is 11/,
  });
  await t.notThrowsAsync(prepared({ k: 3 }, 37));
  t.not((await create({})).prepare, undefined);
});

test("urial-compat: the stop texts and the cleaning of the released code", async (t) => {
  const prompt = await build({ cleaning: "urial-compat" });
  t.deepEqual([prompt.stop, prompt.trimEnd], [["# Query", "# User"], []]);
  t.false("codeBlocks" in prompt);
  t.is(prompt.provenance.cleaning, "urial-compat");
  t.false("cleaning" in (await build({})).provenance);
  const compat = await create({ cleaning: "urial-compat" });
  const text = "Use:\n```js\nf();\n```\nor an SQL Query.";
  t.is(compat.extract?.({ text, raw: text, finishReason: "eos" }), "Use:\n js\nf();\n \nor an SQL");
  t.is((await create({})).extract, undefined);
});

test("one example alone cannot carry another's answer", async (t) => {
  for (const labels of ["shifted", "random"] as const)
    await t.throwsAsync(create({ k: 1, labels }), { code: "PLUGIN_OPTIONS", message: /at least 2, found 1/ });
  await t.notThrowsAsync(create({ k: 1, labels: "none" }));
});
