import { type AnswerRecord, isUnshiftError, type Judge, type JudgeItem, type Sample } from "@unshift/contracts";
import test from "ava";
import { Conversations, checkFollows } from "../../src/run/conversation.js";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { renderPrompt } from "../../src/run/render-prompt.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { contentOf } from "./folder-content.js";
import { plainStrategy, workshop } from "./workshop.js";

const sample = (id: string, content: string, follows?: string): Sample => ({
  id,
  messages: [{ role: "user", content }],
  reference: [],
  tags: {},
  ...(follows === undefined ? {} : { follows }),
});

const chats: readonly Sample[] = [
  sample("a", "what is rain"),
  sample("a-2", "and snow", "a"),
  sample("b", "name a colour"),
  sample("b-2", "and another", "b"),
  sample("a-3", "and hail", "a-2"),
];

/** Writes the whole chat, so that a test can see what the strategy was given. */
const wholeChat = {
  ...plainStrategy,
  build: (asked: Sample) => ({
    text: `${asked.messages.map(({ role, content }) => `${role}: ${content}`).join("\n")}\nA:`,
    parseSpecial: false,
    bos: "auto" as const,
    staticChars: 0,
    stop: ["\n"],
    provenance: {},
  }),
};

test("turns are grouped by depth and keep the samples' order", (t) => {
  const turns = new Conversations(chats).turns();
  t.deepEqual(
    turns.map((turn) => turn.map(({ id }) => id)),
    [["a", "b"], ["a-2", "b-2"], ["a-3"]],
  );
});

test("each system continues the chat with its own answers; the subject reads the chat that took place", async (t) => {
  const shop = await workshop(t);
  const set = ["systems.zero-shot.decoding.maxTokens=7"];
  const { loaded, services } = await shop.open({ samples: chats, strategy: wholeChat, set });
  const outcome = await runExperiment(loaded, services);
  const text = (system: string, id: string) => {
    const record = outcome.answers.find((answer) => answer.system === system && answer.sampleId === id);
    t.is(record?.status, "answered");
    return record as Extract<AnswerRecord, { status: "answered" }>;
  };
  for (const system of ["aligned", "zero-shot"]) {
    const first = text(system, "a").text;
    const second = text(system, "a-2").text;
    t.is(
      text(system, "a-3").prompt.text,
      `user: what is rain\nassistant: ${first}\nuser: and snow\nassistant: ${second}\nuser: and hail\nA:`,
    );
  }
  t.not(
    text("aligned", "a").text,
    text("zero-shot", "a").text,
    "the two systems must differ for this to mean anything",
  );
  const comparison = outcome.comparisons.find(({ sampleId }) => sampleId === "a-2");
  t.is(comparison?.subjectPrompt?.text, text("aligned", "a-2").prompt.text, "the chat of the system that answered");
  t.is(comparison?.status, "scored");
});

test("a run of chats in halves equals one in one go, and computes nothing twice", async (t) => {
  const shop = await workshop(t);
  const run = async (options: object) => {
    const { loaded, services, engines } = await shop.open({ samples: chats, strategy: wholeChat, ...options });
    return { ...(await runExperiment(loaded, services)), engine: engines[0] };
  };
  const whole = await run({ output: "whole" });
  const half = await run({ output: "halves", limit: 1 });
  t.deepEqual(
    half.answers.filter(({ system }) => system === "aligned").map(({ sampleId }) => sampleId),
    ["a", "a-2", "a-3"],
  );
  const rest = await run({ output: "halves" });
  t.is(rest.engine?.calls.generated.length, 4, "two turns of chat b for two systems");
  t.deepEqual(await contentOf(rest), await contentOf(whole));
});

test("plan says what waits for an earlier turn, render refuses it until the run has it", async (t) => {
  const shop = await workshop(t);
  const options = { samples: chats, strategy: wholeChat };
  const before = await shop.open(options);
  const plan = await planExperiment(before.loaded, before.services);
  t.like(plan.systems["aligned"], { items: 5, waiting: 3, toDo: 5, seconds: null });
  const fault = await t.throwsAsync(async () => {
    const { loaded, services } = await shop.open(options);
    await renderPrompt(loaded, { system: "aligned", sample: "b-2" }, services);
  });
  t.true(isUnshiftError(fault) && fault.code === "TURN_UNANSWERED");
  const { loaded, services } = await shop.open(options);
  await runExperiment(loaded, services);
  const after = await shop.open(options);
  t.like((await planExperiment(after.loaded, after.services)).systems["aligned"], { waiting: 0, toDo: 0, seconds: 0 });
  const again = await shop.open(options);
  const rendered = await renderPrompt(again.loaded, { system: "aligned", sample: "b-2" }, again.services);
  t.true(rendered.prompt.startsWith("user: name a colour\nassistant: "));
});

test("a turn whose earlier turn has no answer is skipped, and says which", async (t) => {
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({
    samples: chats,
    strategy: {
      ...wholeChat,
      build: (asked: Sample) => {
        if (asked.id === "a") throw new Error("no prompt for a");
        return wholeChat.build(asked);
      },
    },
  });
  const outcome = await runExperiment(loaded, services);
  const of = (id: string) => outcome.answers.find(({ system, sampleId }) => system === "aligned" && sampleId === id);
  t.is(of("a")?.status, "failed");
  const second = of("a-2");
  t.true(second?.status === "skipped" && second.reason.code === "TURN_UNANSWERED");
  t.true(second?.status === "skipped" && second.reason.message.includes('continues "a"'));
  t.is(of("b-2")?.status, "answered");
});

test("a chat that follows nothing, or itself, is refused", (t) => {
  const where = { file: "x.yaml" };
  const unknown = t.throws(() => checkFollows([sample("a", "x", "z")], where));
  t.true(isUnshiftError(unknown) && unknown.code === "DATASET_FIELD");
  t.regex(unknown.message, /follows "z", which the dataset does not hold/);
  const circle = t.throws(() => checkFollows([sample("a", "x", "b"), sample("b", "y", "a")], where));
  t.regex(circle.message, /circle/);
});

test("a judge of pairs is given the chat that each system had before a later turn, and a first turn as it is", async (t) => {
  const shop = await workshop(t);
  const seen = new Map<string, JudgeItem>();
  const judge: Judge = {
    version: "1",
    judges: "pairs",
    aspects: [{ id: "overall", title: "overall", min: 0, max: 1, meaning: "share of wins" }],
    judge(item) {
      seen.set(item.sample.id, item);
      return { status: "preferred", preferences: { overall: "tie" } };
    },
  };
  const { loaded, services } = await shop.open({ samples: chats, judge });
  const { answers } = await runExperiment(loaded, services);
  const said = (system: string, id: string) => {
    const record = answers.find((answer) => answer.system === system && answer.sampleId === id);
    return { role: "assistant" as const, content: record?.status === "answered" ? record.text : "no answer" };
  };
  const asked = (content: string) => ({ role: "user" as const, content });
  t.is(seen.get("a")?.earlier, undefined);
  const third = seen.get("a-3");
  t.deepEqual(third?.sample.messages, [asked("and hail")]);
  for (const [side, system] of [
    ["answer", "aligned"],
    ["against", "zero-shot"],
  ] as const) {
    t.deepEqual(third?.earlier?.[side], [
      asked("what is rain"),
      said(system, "a"),
      asked("and snow"),
      said(system, "a-2"),
    ]);
  }
});
