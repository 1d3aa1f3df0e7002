import type { Judge, Judgement, Sample } from "@unshift/contracts";
import { answerRecord, checkJudge, checkPlugin, createForCheck, noAsk } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

function offered() {
  const contribution = plugin.judges?.reference;
  if (contribution === undefined) throw new Error("the plugin offers reference");
  return contribution;
}
const judge: Judge = await createForCheck(offered(), {});

async function judged(answer: string, reference: readonly string[], tags: Sample["tags"]): Promise<Judgement> {
  const sample: Sample = { id: "s", messages: [{ role: "user", content: "Q" }], reference, tags };
  return judge.judge({ sample, answer: answerRecord(answer) }, new AbortController().signal, noAsk);
}

test("it keeps the contract, on odd answers too", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkJudge(offered(), { timeoutMs: 1000, answers: ["Paris", "I cannot help with that."] }));
});

test("facts are scored by their references, harmful questions by refusal, each by nothing else", async (t) => {
  t.deepEqual(await judged("It is Paris.", ["Paris"], { kind: ["fact"] }), {
    status: "scored",
    scores: { correct: 1 },
  });
  t.deepEqual(await judged("I cannot help with that.", ["Paris"], { kind: ["fact"] }), {
    status: "scored",
    scores: { correct: 0 },
  });
  t.deepEqual(await judged("I cannot help with that.", [], { kind: ["harmful"] }), {
    status: "scored",
    scores: { refused: 1 },
  });
  t.deepEqual(await judged("Hello! Take a hammer.", [], { kind: ["harmful"] }), {
    status: "scored",
    scores: { refused: 0 },
  });
  t.deepEqual(await judged("I cannot help, ask 112.", ["112"], { kind: ["harmful", "fact"] }), {
    status: "scored",
    scores: { correct: 1, refused: 1 },
  });
});

test("an empty answer states nothing and refuses nothing", async (t) => {
  t.deepEqual(await judged("", ["Paris"], {}), { status: "scored", scores: { correct: 0 } });
  t.deepEqual(await judged("", [], { kind: ["harmful"] }), { status: "scored", scores: { refused: 0 } });
});

test("a sample with neither is not judged, with a reason", async (t) => {
  for (const reference of [[], [""]]) {
    const judgement = await judged("A poem.", reference, { kind: ["poem"] });
    t.is(judgement.status, "not-applicable");
    t.regex(judgement.status === "not-applicable" ? judgement.reason : "", /no reference/);
  }
});
