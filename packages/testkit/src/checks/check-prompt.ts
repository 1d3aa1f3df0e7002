import { instructionOf, type ModelView, type Prompt, type Sample } from "@unshift/contracts";
import { expect, isStorable, quote } from "./expect.js";

/** Throws an AssertionError unless the prompt of this sample has the form its contract asks for. */
export function checkPrompt(prompt: Prompt, sample: Sample, model: ModelView): void {
  const of = `the prompt of sample "${sample.id}" for model "${model.name}"`;
  const question = instructionOf(sample).trim();
  expect(typeof prompt.text === "string", `${of} has no text`);
  expect(prompt.text.includes(question), `${of} does not hold the question ${quote(question)}: ${quote(prompt.text)}`);
  expect(typeof prompt.parseSpecial === "boolean", `${of}: parseSpecial is not a boolean`);
  expect(prompt.bos === "auto" || prompt.bos === "never", `${of}: bos is neither "auto" nor "never"`);
  expect(
    Number.isInteger(prompt.staticChars) && prompt.staticChars >= 0 && prompt.staticChars <= prompt.text.length,
    `${of}: staticChars ${prompt.staticChars} is not an integer from 0 to ${prompt.text.length}`,
  );
  expect(
    !/[\uD800-\uDBFF]$/.test(prompt.text.slice(0, prompt.staticChars)),
    `${of}: staticChars cuts a surrogate pair in two`,
  );
  for (const [name, texts] of [
    ["stop", prompt.stop],
    ["trimEnd", prompt.trimEnd ?? []],
    ["stopAlways", prompt.stopAlways ?? []],
  ] as const) {
    expect(Array.isArray(texts), `${of}: ${name} is not a list`);
    expect(
      texts.every((text) => typeof text === "string" && text !== ""),
      `${of}: ${name} holds something that is no text, or an empty one`,
    );
  }
  expect(["boolean", "undefined"].includes(typeof prompt.codeBlocks), `${of}: codeBlocks is not a boolean`);
  expect(
    (prompt.stopAlways ?? []).length === 0 || prompt.codeBlocks === true,
    `${of}: stopAlways means nothing without codeBlocks; put its texts into stop`,
  );
  expect(isStorable(prompt.provenance), `${of}: provenance does not survive JSON`);
}

/** The characters two prompts of one system both call static are the same ones. */
export function checkStatic(prompts: readonly Prompt[], model: ModelView): void {
  const longest = prompts.reduce<Prompt | null>(
    (best, prompt) => (best !== null && best.staticChars >= prompt.staticChars ? best : prompt),
    null,
  );
  for (const prompt of prompts) {
    const own = prompt.text.slice(0, prompt.staticChars);
    expect(
      longest === null || longest.text.startsWith(own),
      `staticChars is not shared for model "${model.name}": ${quote(own)} against ${quote(longest?.text ?? "")}`,
    );
  }
}
