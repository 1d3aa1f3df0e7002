import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, Sample } from "@unshift/contracts";
import { checkPlugin, checkStrategy, createForCheck, modelView } from "@unshift/testkit";
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
await writeFile(join(folder, "broken.txt"), "# Instruction\n\n# Query:\n```\nWhy?\n");

async function build(prompt: string, ...messages: Message[]) {
  const strategy = await createForCheck(contributed, { options: { prompt }, folder });
  const sample: Sample = { id: "s", messages, reference: [], tags: {} };
  return strategy.build(sample, modelView());
}
const user = (content: string): Message => ({ role: "user", content });

test("it keeps the contract, with every prompt that comes along and with one's own", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  for (const name of builtinPrompts)
    await t.notThrowsAsync(checkStrategy(contributed, { options: { prompt: `builtin:${name}` } }));
  for (const prompt of ["mine.txt", "legacy.txt"])
    await t.notThrowsAsync(checkStrategy(contributed, { options: { prompt }, folder }));
});

test("the prompt, byte for byte", async (t) => {
  const prompt = await build("./mine.txt", user("Who?"));
  t.is(prompt.text, `${unified}\n# Query:\n\`\`\`\nWho?\n\`\`\`\n\n# Answer:\n\`\`\`\n`);
  t.is(prompt.text.slice(0, prompt.staticChars), `${unified}\n# Query:\n\`\`\`\n`);
  t.deepEqual(prompt.stop, ["\n```\n", "\n# Query:", "\n# User:"]);
  t.deepEqual(prompt.trimEnd, ["\n```"]);
  t.false(prompt.parseSpecial);
  t.like(prompt.provenance, { prompt: "./mine.txt", k: 1, fences: "unified", exampleQueries: ["Why?"] });
  t.regex(String(prompt.provenance.sha256), /^[0-9a-f]{64}$/);
});

test("an early file is continued in its own fences", async (t) => {
  const prompt = await build("legacy.txt", user("Who?"), { role: "assistant", content: "I." }, user("You?"));
  t.is(
    prompt.text,
    `${legacy}\n# Query:\n\`\`\`Who?\`\`\`\n\n# Answer:\n\`\`\`\nI.\n\`\`\`\n\n# Query:\n\`\`\`You?\`\`\`\n\n# Answer:\n\`\`\`\n`,
  );
  t.is(prompt.text.slice(0, prompt.staticChars), `${legacy}\n# Query:\n\`\`\``);
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

test("an unknown name, a missing file, a broken file: each says what to do", async (t) => {
  const unknown = await t.throwsAsync(build("builtin:k2", user("Who?")), {
    code: "PROMPT_FILE",
    message: /builtin:k1, builtin:k3, builtin:k8/,
  });
  t.regex(String(unknown !== undefined && "hint" in unknown && unknown.hint), /Did you mean "builtin:k\d"/);
  await t.throwsAsync(build("nowhere.txt", user("Who?")), {
    code: "PROMPT_FILE",
    message: /"nowhere\.txt" cannot be read \(ENOENT\)/,
  });
  const broken = await t.throwsAsync(build("broken.txt", user("Who?")), { code: "PROMPT_FILE" });
  t.deepEqual(broken !== undefined && "where" in broken && broken.where, { file: join(folder, "broken.txt"), line: 3 });
});

test("the prompts that come along hold 1, 3 and 8 examples", async (t) => {
  const prompts = await Promise.all(
    builtinPrompts.map(async (name) =>
      parsePromptFile(await readFile(new URL(`../../prompts/${name}.txt`, import.meta.url)), name),
    ),
  );
  t.deepEqual(
    prompts.map(({ examples }) => examples.length),
    [1, 3, 8],
  );
  for (const prompt of prompts) {
    t.is(prompt.fences, "unified");
    t.true(prompt.text.startsWith("# Instruction\n\n"));
    t.true(prompt.text.endsWith("\n```\n"));
    t.true(prompt.system.length > 0);
    t.is(new Set(prompt.examples.map(({ query }) => query)).size, prompt.examples.length);
  }
});
