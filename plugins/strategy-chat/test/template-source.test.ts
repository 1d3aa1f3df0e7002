import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sample } from "@unshift/contracts";
import { checkStrategy, createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

const contributed = plugin.strategies?.chat;
const jinja = "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}<assistant>\n";
const sample: Sample = { id: "s", messages: [{ role: "user", content: "Why?" }], reference: [], tags: {} };

const folder = await mkdtemp(join(tmpdir(), "chat-template-"));
await writeFile(join(folder, "mine.jinja"), jinja);
await writeFile(join(folder, "broken.jinja"), "{% for m in messages %}");
await writeFile(join(folder, "latin1.jinja"), Uint8Array.of(0xe9, 0x7b));
test.after.always(() => rm(folder, { recursive: true }));

async function build(template: string) {
  const strategy = await createForCheck(contributed, { options: { template }, folder });
  return strategy.build(sample, modelView());
}

test("a Jinja file and the same text inline give the same prompt, in place of the model's template", async (t) => {
  for (const template of ["./mine.jinja", "mine.jinja", join(folder, "mine.jinja"), jinja]) {
    const prompt = await build(template);
    // As Jinja does, one newline at the end of a template is not part of it.
    t.is(prompt.text, "<user>Why?\n<assistant>", template);
    t.is(prompt.provenance.template, template === jinja ? "inline" : template);
  }
  t.is((await build("mine.jinja")).provenance.templateHash, (await build(jinja)).provenance.templateHash);
});

test("both keep the contract", async (t) => {
  for (const template of ["./mine.jinja", jinja]) {
    await t.notThrowsAsync(checkStrategy(contributed, { options: { template, system: "Be kind." }, folder }), template);
  }
});

test("a misspelt name, a missing file, a broken one and one that is no text: each refused before any sample", async (t) => {
  const create = (template: string) => createForCheck(contributed, { options: { template }, folder });
  const code = "STRATEGY_TEMPLATE";
  const misspelt = await t.throwsAsync(create("mistrall"), { code, message: /there is no template "mistrall"/ });
  t.regex(String(misspelt !== undefined && "hint" in misspelt && misspelt.hint), /Did you mean "mistral"\?/);
  await t.throwsAsync(create("./nowhere.jinja"), { code, message: /"\.\/nowhere\.jinja" cannot be read \(ENOENT\)/ });
  await t.throwsAsync(create("broken.jinja"), { code, message: /"broken\.jinja" does not parse/ });
  await t.throwsAsync(create("latin1.jinja"), { code, message: /not UTF-8/ });
  await t.throwsAsync(create("{{ unclosed"), { code, message: /the inline template does not parse/ });
});
