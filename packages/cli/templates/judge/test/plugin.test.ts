import type { Sample } from "@unshift/contracts";
import { answerRecord, checkJudge, checkPlugin, createForCheck, noAsk, oddTexts } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

const contributed = plugin.judges?.["acme/brevity"];

test("the plugin keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
});

test("the judge keeps the contract, also on answers nobody thinks of", async (t) => {
  await t.notThrowsAsync(checkJudge(contributed, { answers: ["Oslo.", "Oslo is the capital of Norway."] }));
  await t.notThrowsAsync(checkJudge(contributed, { options: { words: 1 } }));
});

const sample: Sample = { id: "rain", messages: [{ role: "user", content: "What is rain?" }], reference: [], tags: {} };

test("a shorter answer is never judged less brief", async (t) => {
  const judge = await createForCheck(contributed, { options: { words: 4 } });
  const brief = async (text: string) => {
    const judgement = await judge.judge({ sample, answer: answerRecord(text) }, new AbortController().signal, noAsk);
    return judgement.status === "scored" ? judgement.scores.brief : undefined;
  };
  const words = ["rain", "is", "water", "that", "falls", "from", "clouds"];
  for (const [index] of words.entries()) {
    t.is(await brief(words.slice(0, index + 1).join(" ")), index < 4 ? 1 : 0);
  }
  for (const text of Object.values(oddTexts)) {
    const longer = await brief(`${text} and more`);
    if (longer === 1) t.not(await brief(text), 0);
  }
});
