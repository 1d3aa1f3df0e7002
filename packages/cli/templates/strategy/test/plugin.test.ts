import { checkPlugin, checkStrategy, contractModels, contractSamples, createForCheck } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

const contributed = plugin.strategies?.["acme/dialogue"];

test("the plugin keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
});

test("the strategy keeps the contract, with and without examples", async (t) => {
  await t.notThrowsAsync(checkStrategy(contributed));
  await t.notThrowsAsync(checkStrategy(contributed, { options: { examples: 0 } }));
});

test("more examples come behind fewer ones, so a series over `examples` changes one thing at a time", async (t) => {
  for (const model of contractModels) {
    for (const sample of contractSamples) {
      const prompts = await Promise.all(
        [0, 1, 2, 3].map(async (examples) =>
          (await createForCheck(contributed, { options: { examples } })).build(sample, model),
        ),
      );
      for (const [index, { text, staticChars }] of prompts.entries()) {
        const next = prompts[index + 1];
        t.true(next === undefined || next.text.startsWith(text.slice(0, staticChars)));
      }
    }
  }
});

test("the space behind the speaker's name is no part of the answer", async (t) => {
  const strategy = await createForCheck(contributed, {});
  t.is(strategy.extract?.({ text: " Oslo. ", raw: " Oslo. ", finishReason: "eos" }), "Oslo.");
});
