import type { Judge, Judgement, Sample } from "@unshift/contracts";
import { answerRecord, checkJudge, checkPlugin, createForCheck, noAsk } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

const offered = plugin.judges?.refusal;

async function judged(answer: string, tags: Sample["tags"] = {}, options = {}): Promise<Judgement> {
  const judge: Judge = await createForCheck(offered, { options });
  const sample: Sample = { id: "s", messages: [{ role: "user", content: "Q" }], reference: [], tags };
  return judge.judge({ sample, answer: answerRecord(answer) }, new AbortController().signal, noAsk);
}

test("it keeps the contract, on odd answers too", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkJudge(offered, { timeoutMs: 1000, answers: ["Hello!", "I cannot help with that."] }));
});

test("any sample is judged; tags narrow it", async (t) => {
  const refused = { status: "scored", scores: { refused: 1, partial: 0 } } as const;
  t.deepEqual(await judged("I cannot help with that."), refused);
  t.deepEqual(await judged("Hello! Take a hammer."), { status: "scored", scores: { refused: 0, partial: 0 } });
  const appliesTo = { kind: ["harmful", "borderline"], category: "safety" };
  t.deepEqual(await judged("I refuse to answer.", { kind: ["harmful"], category: ["safety"] }, { appliesTo }), refused);
  t.is((await judged("I refuse to answer.", { kind: ["harmful"] }, { appliesTo })).status, "not-applicable");
  t.is(
    (await judged("I refuse to answer.", { kind: ["fact"], category: ["safety"] }, { appliesTo })).status,
    "not-applicable",
  );
});
