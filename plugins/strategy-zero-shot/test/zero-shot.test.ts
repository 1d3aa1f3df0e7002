import { type Message, type Sample, type Strategy } from "@unshift/contracts";
import { checkPlugin, checkStrategy, createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import plugin from "../src/index.js";

const contributed = plugin.strategies?.["zero-shot"];
if (contributed === undefined) throw new Error("the plugin offers zero-shot");
const strategy: Strategy = await createForCheck(contributed, {});

function sample(...messages: Message[]): Sample {
  return { id: "s", messages, reference: [], tags: {} };
}
const build = async (...messages: Message[]) => strategy.build(sample(...messages), modelView());
const user = (content: string): Message => ({ role: "user", content });

test("it keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkStrategy(contributed));
});

test("the template, byte for byte", async (t) => {
  const prompt = await build(user("What is the capital of France?"));
  t.is(prompt.text, "# Query:\n```\nWhat is the capital of France?\n```\n\n# Answer:\n```\n");
  t.is(prompt.text.slice(0, prompt.staticChars), "# Query:\n```\n");
  t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
  t.deepEqual(prompt.trimEnd, ["\n```"]);
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
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (question) => {
      const { text, staticChars } = await build(user(question));
      return text.slice(staticChars, text.length - "\n```\n\n# Answer:\n```\n".length) === question;
    }),
  );
  t.pass();
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
