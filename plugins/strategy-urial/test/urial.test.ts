import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, Preparation, Sample } from "@unshift/contracts";
import { checkContext, checkPlugin, checkStrategy, createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";
import { builtinPrompts } from "../src/load-prompt.js";
import { parsePromptFile } from "../src/prompt-file.js";

function offered() {
  const contribution = plugin.strategies?.urial;
  if (contribution === undefined) throw new Error("the plugin offers urial");
  return contribution;
}
const contributed = offered();

const folder = await mkdtemp(join(tmpdir(), "urial-"));
const unified = "# Instruction\n\nBe kind.\n\n# Query:\n```\nWhy?\n```\n\n# Answer:\n```\nHello! Because.\n```\n";
const legacy = "# Instruction\n\nBe kind.\n\n# Query:\n```Why?```\n \n# Answer:\n```\nHello! Because.\n```";
await writeFile(join(folder, "mine.txt"), unified);
await writeFile(join(folder, "legacy.txt"), legacy);
const roles = "# Instruction\n\nBe kind.\n\n# User:\nWhy?\n\n# Assistant:\nHello! Because.\n";
const only = "# Instruction\n\nBe kind.\n";
await writeFile(join(folder, "roles.txt"), roles);
await writeFile(join(folder, "only.txt"), only);
await writeFile(join(folder, "broken.txt"), "# Instruction\n\n# Query:\n```\nWhy?\n");

const build = (prompt: string, ...messages: Message[]) => buildWith({ prompt }, ...messages);
async function buildWith(options: { prompt: string; renderer?: string; cleaning?: string }, ...messages: Message[]) {
  const strategy = await createForCheck(contributed, { options, folder });
  const sample: Sample = { id: "s", messages, reference: [], tags: {} };
  return strategy.build(sample, modelView());
}
const preparation: Preparation = {
  signal: new AbortController().signal,
  cacheFolder: folder,
  embedder: () => Promise.reject(new Error("no embedder is needed")),
  progress: () => undefined,
  note: () => undefined,
};
const user = (content: string): Message => ({ role: "user", content });

test("it keeps the contract, with every prompt that comes along and with one's own", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  for (const name of builtinPrompts)
    await t.notThrowsAsync(checkStrategy(contributed, { options: { prompt: `builtin:${name}` } }));
  for (const prompt of ["mine.txt", "legacy.txt", "roles.txt", "only.txt"])
    await t.notThrowsAsync(checkStrategy(contributed, { options: { prompt }, folder }));
  for (const renderer of ["legacy", "unified", "roles"])
    await t.notThrowsAsync(checkStrategy(contributed, { options: { prompt: "mine.txt", renderer }, folder }));
});

test("the prompt, byte for byte", async (t) => {
  const prompt = await build("./mine.txt", user("Who?"));
  t.is(prompt.text, `${unified}\n# Query:\n\`\`\`\nWho?\n\`\`\`\n\n# Answer:\n\`\`\`\n`);
  t.is(prompt.text.slice(0, prompt.staticChars), `${unified}\n# Query:\n\`\`\`\n`);
  t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
  t.deepEqual(prompt.trimEnd, ["\n```"]);
  t.is(prompt.codeBlocks, true);
  t.deepEqual(prompt.stopAlways, ["\n# Query:\n```"]);
  t.false(prompt.parseSpecial);
  t.like(prompt.provenance, { prompt: "./mine.txt", k: 1, renderer: "unified", exampleQueries: ["Why?"] });
  t.regex(String(prompt.provenance.sha256), /^[0-9a-f]{64}$/);
});

test("an early file is continued in its own fences", async (t) => {
  const prompt = await build("legacy.txt", user("Who?"), { role: "assistant", content: "I." }, user("You?"));
  t.is(
    prompt.text,
    `${legacy}\n# Query:\n\`\`\`Who?\`\`\`\n\n# Answer:\n\`\`\`\nI.\n\`\`\`\n\n# Query:\n\`\`\`You?\`\`\`\n\n# Answer:\n\`\`\`\n`,
  );
  t.is(prompt.text.slice(0, prompt.staticChars), `${legacy}\n# Query:\n\`\`\``);
  t.is(prompt.codeBlocks, true);
  for (const stop of prompt.stopAlways ?? []) t.true(prompt.text.includes(stop), "it is how this form begins a query");
  t.is(prompt.stopAlways?.length, 1);
});

test("headings without fences, for one turn and a chat", async (t) => {
  const one = await build("roles.txt", user("\nWho?\n"));
  t.is(one.text, `${roles}\n\n# User:\nWho?\n\n\n# Assistant:\n`);
  t.is(one.text.slice(0, one.staticChars), `${roles}\n\n# User:\n`);
  t.true(one.stop.includes("\n# User:"));
  t.false("codeBlocks" in one, "answers stand between no fences");
  t.false("stopAlways" in one);
  const chat = await build("roles.txt", user("Who?"), { role: "assistant", content: "I." }, user("You?"));
  t.is(chat.text, `${roles}\n\n# User:\nWho?\n\n\n# Assistant:\nI.\n\n\n# User:\nYou?\n\n\n# Assistant:\n`);
});

test("the renderer follows the file, and the option wins", async (t) => {
  const fences = {
    legacy: "\n# Query:\n```Who?```\n\n# Answer:\n```\n",
    unified: "\n# Query:\n```\nWho?\n```\n\n# Answer:\n```\n",
  };
  const auto = await build("only.txt", user("Who?"));
  t.is(auto.text, only + fences.legacy);
  t.like(auto.provenance, { k: 0, renderer: "legacy" });
  t.is((await buildWith({ prompt: "only.txt", renderer: "unified" }, user("Who?"))).text, only + fences.unified);
  t.is((await buildWith({ prompt: "mine.txt", renderer: "legacy" }, user("Who?"))).text, unified + fences.legacy);
  t.is((await buildWith({ prompt: "legacy.txt", renderer: "unified" }, user("Who?"))).text, legacy + fences.unified);
  const own = await build("builtin:k0", user("Who?"));
  t.true(own.text.endsWith(`way.\n${fences.unified}`));
  t.like(own.provenance, { k: 0, renderer: "unified" });
});

test("a question written in another way than the examples is warned of", async (t) => {
  const warned: string[] = [];
  const context = {
    ...checkContext(folder),
    log: (level: string, message: string) => warned.push(`${level}: ${message}`),
  };
  await contributed.create({ prompt: "mine.txt", renderer: "roles" }, context);
  t.is(warned.length, 1);
  t.regex(warned[0] ?? "", /^warn: .*"unified".*"roles"/);
  await contributed.create({ prompt: "mine.txt" }, context);
  t.is(warned.length, 1);
});

test("earlier turns are further examples; a system message stands between prompt and question", async (t) => {
  const chat = await build("mine.txt", user("Who?"), { role: "assistant", content: "I." }, user("You?"));
  t.true(
    chat.text.endsWith(
      "\n# Query:\n```\nWho?\n```\n\n# Answer:\n```\nI.\n```\n\n# Query:\n```\nYou?\n```\n\n# Answer:\n```\n",
    ),
  );
  const system = await build("mine.txt", { role: "system", content: "Be brief." }, user("Who?"));
  t.is(system.text, `${unified}\nBe brief.\n\n# Query:\n\`\`\`\nWho?\n\`\`\`\n\n# Answer:\n\`\`\`\n`);
  t.is(system.staticChars, unified.length);
});

test("urial-compat: the stop texts and the cleaning of the released code", async (t) => {
  const options = { prompt: "mine.txt", cleaning: "urial-compat" };
  await t.notThrowsAsync(checkStrategy(contributed, { options, folder }));
  const prompt = await buildWith(options, user("Who?"));
  t.deepEqual([prompt.stop, prompt.trimEnd], [["# Query", "# User"], []]);
  t.false("codeBlocks" in prompt);
  t.is(prompt.text, (await build("mine.txt", user("Who?"))).text);
  t.is(prompt.provenance.cleaning, "urial-compat");
  t.false("cleaning" in (await build("mine.txt", user("Who?"))).provenance);
});

const written = [
  ["fences inside", "Use:\n```js\nf();\n```\nDone.\n```\n\n", "Use:\n js\nf();\n \nDone."],
  ["jQuery", "Use jQuery.\n```\n", "Use j"],
  ["SQL Query", "An SQL Query asks.\n```\n", "An SQL"],
  ["text behind its fence", "I.\n```\n\nMore.", "I.\n \n\nMore."],
  ["neither", "I.\nYou.  \n", "I.\nYou."],
] as const;
for (const [what, text, released] of written) {
  test(`what is made of an answer with ${what}, exactly and as released`, async (t) => {
    const compat = await createForCheck(contributed, { options: { cleaning: "urial-compat" } });
    t.is(compat.extract?.({ text, raw: text, finishReason: "stop" }), released);
    const exact = await createForCheck(contributed, {});
    t.is(exact.extract, undefined, "the engine's cut stands");
    const { stop } = await build("mine.txt", user("Who?"));
    // No stop text is in the answer itself: only a fence line of its own, which counts outside code blocks alone.
    t.true(stop.every((one) => one === "\n```\n" || !text.includes(one)));
  });
}

test("the tokens of the prompt are in the provenance, counted once a model", async (t) => {
  const strategy = await createForCheck(contributed, { options: { prompt: "mine.txt" }, folder });
  let counts = 0;
  const counting = (tokens: number) =>
    modelView({
      contextSize: 100,
      countTokens: (text) => {
        counts += 1;
        t.is(text, unified);
        return tokens;
      },
    });
  const [small, large] = [counting(99), counting(100)];
  const sample: Sample = { id: "s", messages: [user("Who?")], reference: [], tags: {} };
  const tokens = async (model: typeof small) => (await strategy.build(sample, model)).provenance.exampleTokens;
  t.deepEqual([await tokens(small), await tokens(large), await tokens(small)], [99, 100, 99]);
  t.is(counts, 2);
});

test("a prompt that leaves no room for a question is refused before any answer, with the numbers", async (t) => {
  const strategy = await createForCheck(contributed, { options: { prompt: "mine.txt" }, folder });
  const model = (contextSize: number) => modelView({ contextSize, countTokens: () => 100 });
  await t.notThrowsAsync(async () => strategy.prepare?.(model(101), preparation));
  await t.throwsAsync(async () => strategy.prepare?.(model(100), preparation), {
    code: "CONTEXT_TOO_SMALL",
    message: /"mine\.txt" \(K = 1\) has 100 tokens, the context of model "model" 100/,
  });
  t.not(strategy.prepare, undefined);
});

test("an unknown name, a missing file, a broken file: each says what to do", async (t) => {
  const unknown = await t.throwsAsync(build("builtin:k2", user("Who?")), {
    code: "PROMPT_FILE",
    message: /builtin:k0, builtin:k1, builtin:k3, builtin:k8/,
  });
  t.regex(String(unknown !== undefined && "hint" in unknown && unknown.hint), /Did you mean "builtin:k\d"/);
  await t.throwsAsync(build("nowhere.txt", user("Who?")), {
    code: "PROMPT_FILE",
    message: /"nowhere\.txt" cannot be read \(ENOENT\)/,
  });
  const broken = await t.throwsAsync(build("broken.txt", user("Who?")), { code: "PROMPT_FILE" });
  t.deepEqual(broken !== undefined && "where" in broken && broken.where, { file: join(folder, "broken.txt"), line: 3 });
});

test("the prompts that come along hold 0, 1, 3 and 8 examples", async (t) => {
  const prompts = await Promise.all(
    builtinPrompts.map(async (name) =>
      parsePromptFile(await readFile(new URL(`../../prompts/${name}.txt`, import.meta.url)), name),
    ),
  );
  t.deepEqual(
    prompts.map(({ examples }) => examples.length),
    [0, 1, 3, 8],
  );
  t.is(new Set(prompts.map(({ system }) => system)).size, 1);
  for (const prompt of prompts) {
    const k = prompt.examples.length;
    t.is(prompt.format, k === 0 ? "none" : "unified");
    t.true(prompt.text.startsWith("# Instruction\n\n"));
    t.true(prompt.text.endsWith(k === 0 ? ".\n" : "\n```\n"));
    t.true(prompt.system.length > 0);
    t.is(new Set(prompt.examples.map(({ query }) => query)).size, prompt.examples.length);
  }
});
