import { type Message, type Sample, type Strategy } from "@unshift/contracts";
import { checkPlugin, checkStrategy, createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import plugin from "../src/index.js";
import type { ZeroShotOptions } from "../src/zero-shot-strategy.js";

const contributed = plugin.strategies?.["zero-shot"];
if (contributed === undefined) throw new Error("the plugin offers zero-shot");
const strategy: Strategy = await createForCheck(contributed, {});

function sample(...messages: Message[]): Sample {
  return { id: "s", messages, reference: [], tags: {} };
}
const build = async (...messages: Message[]) => strategy.build(sample(...messages), modelView());
async function buildWith(options: ZeroShotOptions, ...messages: Message[]) {
  const made: Strategy = await createForCheck(contributed, { options });
  return made.build(sample(...messages), modelView());
}
const user = (content: string): Message => ({ role: "user", content });

test("it keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkStrategy(contributed));
  for (const template of ["raw", "Q: {instruction}\nA:", "{instruction}\n\nAgain: {instruction}\n"]) {
    await t.notThrowsAsync(checkStrategy(contributed, { options: { template } }), template);
    await t.notThrowsAsync(checkStrategy(contributed, { options: { template, system: "Be kind." } }), template);
  }
});

test("the template, byte for byte", async (t) => {
  const prompt = await build(user("What is the capital of France?"));
  t.is(prompt.text, "# Query:\n```\nWhat is the capital of France?\n```\n\n# Answer:\n```\n");
  t.is(prompt.text.slice(0, prompt.staticChars), "# Query:\n```\n");
  t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
  t.deepEqual(prompt.trimEnd, ["\n```"]);
  t.is(prompt.codeBlocks, true);
  t.deepEqual(prompt.stopAlways, ["\n# Query:\n```"]);
  t.false(prompt.parseSpecial);
  t.is(prompt.bos, "auto");
});

test("an empty question is a question", async (t) => {
  t.is((await build(user(""))).text, "# Query:\n```\n\n```\n\n# Answer:\n```\n");
});

test("earlier turns are earlier pairs", async (t) => {
  const prompt = await build(user("Who wrote Faust?"), { role: "assistant", content: "Goethe." }, user("When?"));
  t.is(
    prompt.text,
    "# Query:\n```\nWho wrote Faust?\n```\n\n# Answer:\n```\nGoethe.\n```\n\n# Query:\n```\nWhen?\n```\n\n# Answer:\n```\n",
  );
  t.is(prompt.provenance.turns, 2);
});

test("a system message stands first and nothing is static then", async (t) => {
  const prompt = await build({ role: "system", content: "Be brief." }, user("Why?"));
  t.is(prompt.text, "Be brief.\n\n# Query:\n```\nWhy?\n```\n\n# Answer:\n```\n");
  t.is(prompt.staticChars, 0);
  const deceptive = await build({ role: "system", content: "# Query:\n```\nx" }, user("Why?"));
  t.is(deceptive.staticChars, 0);
});

test("any question stands in the prompt unchanged", async (t) => {
  const property = fc.asyncProperty(fc.string({ unit: "binary" }), async (question) => {
    const { text, staticChars } = await build(user(question));
    return text.slice(staticChars, text.length - "\n```\n\n# Answer:\n```\n".length) === question;
  });
  await t.notThrowsAsync(() => Promise.resolve(fc.assert(property)));
});

test("stop texts end at closing fences and headings only", async (t) => {
  const { stop } = await build(user("x"));
  const ends = (answer: string) => stop.some((text) => answer.includes(text));
  for (const answer of [
    "Use jQuery here.",
    "```python\nprint(1)\n",
    "# Query: at the start",
    "a `Query` inside",
    "#Query:",
  ])
    t.false(ends(answer), answer);
  for (const answer of ["Paris.\n```\n", "Paris.\n# Query:", "Paris.\n# User: hello"]) t.true(ends(answer), answer);
});

test("without fences, or with stop texts of one's own, a code block is nothing special", async (t) => {
  for (const options of [{ template: "raw" }, { template: "Q: {instruction}\nA:" }, { stop: ["\n\n"] }]) {
    const prompt = await buildWith(options, user("x"));
    t.false("codeBlocks" in prompt, JSON.stringify(options));
    t.false("stopAlways" in prompt, JSON.stringify(options));
  }
});

test("urial-compat stops and cleans as the released code does, and says so", async (t) => {
  const options = { cleaning: "urial-compat" } as const;
  await t.notThrowsAsync(checkStrategy(contributed, { options }));
  const prompt = await buildWith(options, user("x"));
  t.deepEqual(prompt.stop, ["# Query", "# User"]);
  t.deepEqual(prompt.trimEnd, []);
  t.false("codeBlocks" in prompt);
  t.is(prompt.provenance.cleaning, "urial-compat");
  t.false("cleaning" in (await build(user("x"))).provenance);
  const compat: Strategy = await createForCheck(contributed, { options });
  t.is(compat.extract?.({ text: "Use jQuery.\n```\n", raw: "", finishReason: "stop" }), "Use j");
  t.is(strategy.extract, undefined);
  await t.throwsAsync(createForCheck(contributed, { options: { ...options, template: "raw" } }), {
    code: "PLUGIN_OPTIONS",
    message: /urial-compat is that of the fenced template/,
  });
});

test("raw is the question alone, its spaces included", async (t) => {
  const prompt = await buildWith({ template: "raw" }, user(" The capital of France is"));
  t.is(prompt.text, " The capital of France is");
  t.is(prompt.staticChars, 0);
  t.deepEqual(prompt.stop, []);
  t.false(prompt.parseSpecial);
  t.is(prompt.provenance.format, "raw");
});

test("an empty raw prompt needs a BOS", async (t) => {
  const raw: Strategy = await createForCheck(contributed, { options: { template: "raw" } });
  t.is((await raw.build(sample(user("")), modelView())).text, "");
  const error = await t.throwsAsync(async () => raw.build(sample(user("")), modelView({ bosText: null })), {
    code: "STRATEGY_FAILED",
  });
  t.regex(error?.message ?? "", /empty/);
});

test("a template of one's own, with earlier turns and a question full of replacement patterns", async (t) => {
  const template = "Question: {instruction}\nAnswer:";
  const one = await buildWith({ template, stop: ["\nQuestion:"] }, user("$& $1 {instruction}"));
  t.is(one.text, "Question: $& $1 {instruction}\nAnswer:");
  t.is(one.text.slice(0, one.staticChars), "Question: ");
  t.deepEqual(one.stop, ["\nQuestion:"]);
  t.like(one.provenance, { format: "own", template, turns: 1 });
  const chat = await buildWith({ template }, user("Who?"), { role: "assistant", content: " I." }, user("You?"));
  t.is(chat.text, "Question: Who?\nAnswer: I.\n\nQuestion: You?\nAnswer:");
});

test("a system message of the options stands before samples that bring none", async (t) => {
  const fenced = await buildWith({ system: "Be kind." }, user("Why?"));
  t.is(fenced.text, "Be kind.\n\n# Query:\n```\nWhy?\n```\n\n# Answer:\n```\n");
  t.is(fenced.text.slice(0, fenced.staticChars), "Be kind.\n\n# Query:\n```\n");
  t.is(fenced.provenance.system, "Be kind.");
  const raw = await buildWith({ template: "raw", system: "Be kind." }, user("Why?"));
  t.is(raw.text, "Be kind.\n\nWhy?");
  t.is(raw.staticChars, "Be kind.\n\n".length);
  const own = await buildWith({ system: "Be kind." }, { role: "system", content: "Be brief." }, user("Why?"));
  t.true(own.text.startsWith("Be brief.\n\n# Query:"));
  t.is(own.staticChars, 0);
});

test("a template without a place for the question is refused", async (t) => {
  await t.throwsAsync(buildWith({ template: "Question: {question}" }, user("x")), {
    code: "PLUGIN_OPTIONS",
    message: /holds no \{instruction\}/,
  });
});
