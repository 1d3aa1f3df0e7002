import type { RunPlan } from "@unshift/core";
import test from "ava";
import { planText, planTotals } from "../src/actions/plan-text.js";

const system: RunPlan["systems"][string] = {
  origin: "generated",
  items: 10,
  cached: 4,
  toDo: 6,
  tooLong: 0,
  failed: 0,
  firstFailure: null,
  waiting: 0,
  promptTokens: 1200,
  sharedPromptTokens: 90,
  maxNewTokens: 600,
  seconds: 30,
};
const shift: RunPlan["shifts"][number] = { answers: "a", subject: "b", items: 10, cached: 0, toDo: 10, seconds: 4000 };
const plan: RunPlan = {
  run: "/runs/x",
  systems: { a: system, b: { ...system, cached: 0, toDo: 10, seconds: null } },
  shifts: [shift],
  judging: {
    gpt: { requests: 24, cached: 4, toDo: 20, promptTokens: 9000, maxReplyTokens: 20480, maxMoney: 0.2273 },
  },
  memory: { base: { weightsBytes: 2 ** 30, contextBytes: 2 ** 20 } },
  residency: "together",
  devices: [
    {
      device: "CPU",
      availableBytes: 2 ** 34,
      source: "MemAvailable",
      togetherBytes: 2 ** 30,
      sequentialBytes: 2 ** 30,
    },
  ],
  notes: ["limited: 10 of 20"],
  firstPrompt: { system: "a", sample: "s1", prompt: "Hello", tokens: 2 },
};

const lineOf = (text: string, start: string) => text.split("\n").find((line) => line.startsWith(start)) ?? "";

test("a row for each system with its time, a total below, and what is not known is no number", (t) => {
  const text = planText(plan);
  t.regex(lineOf(text, "a "), /^a +10 +4 +6 +1200 +90 +600 +30 s$/);
  t.regex(lineOf(text, "b "), /^b +10 +0 +10 +1200 +90 +600 +–$/);
  t.regex(lineOf(text, "total"), /^total +20 +4 +16 +2400 +– +1200 +–$/);
  t.regex(lineOf(text, "a → b"), /10 +0 +10 +67 min$/);
  t.regex(lineOf(text, "base"), /1\.0 GiB +1\.0 MiB$/);
  t.true(text.includes("– is unknown until the first items of that row are done"));
  t.true(text.includes("note: limited: 10 of 20"));
  t.true(text.endsWith("first prompt (a, sample s1, 2 tokens):\nHello"));
  t.true(
    [...text].every((character) => character !== "\u001b"),
    "no colours",
  );
});

test("columns of what does not occur are left out; what occurs has one", (t) => {
  const header = (some: RunPlan) => lineOf(planText(some), "system");
  t.notRegex(header(plan), /too long|failed|later turns|answers/);
  const odd = { ...system, origin: "answers" as const, tooLong: 1, failed: 2, waiting: 3 };
  const text = planText({ ...plan, systems: { ...plan.systems, odd } });
  t.regex(lineOf(text, "system"), /answers +items +cached +to do +later turns +too long +failed/);
  t.regex(lineOf(text, "odd"), /^odd +file +10 +4 +6 +3 +1 +2 +– +– +– +30 s$/);
});

test("times are said as people say them; nothing left has none", (t) => {
  const said = (seconds: number | null, toDo = 1) =>
    lineOf(planText({ ...plan, systems: { a: { ...system, toDo, seconds } } }), "a ").replace(/^.*600 */, "");
  t.deepEqual(
    [0.2, 1, 89, 90, 5399, 5400, 7200, 100_000, null].map((seconds) => said(seconds)),
    ["< 1 s", "1 s", "89 s", "2 min", "1 h 30 min", "1 h 30 min", "2 h", "27 h 47 min", "–"],
  );
  t.is(said(0, 0), "");
});

test("totals: the time is null as soon as work is left of which nothing has run", (t) => {
  const totals = planTotals(plan);
  t.deepEqual(totals.answers, { items: 20, cached: 4, toDo: 16, seconds: null });
  t.deepEqual(totals.comparisons, { items: 10, cached: 0, toDo: 10, seconds: 4000 });
  t.deepEqual([totals.promptTokens, totals.maxNewTokens], [2400, 1200]);
  const done = { ...system, toDo: 0, seconds: null };
  t.is(planTotals({ ...plan, systems: { a: system, done } }).answers.seconds, 30);
});

test("sixty cells are sixty lines, none wider than a hundred characters", (t) => {
  const cells = Array.from({ length: 60 }, (_, index) => [`base.${1000 + index}.urial-k3.greedy`, system] as const);
  const text = planText({ ...plan, systems: Object.fromEntries(cells) });
  const lines = text.split("\n").filter((line) => line.startsWith("base.1"));
  t.is(lines.length, 60);
  t.true(lines.every((line) => line.length <= 100));
});

test("a plan with nothing left says so", (t) => {
  const done = { ...system, cached: 10, toDo: 0 };
  t.true(planText({ ...plan, systems: { done }, shifts: [], judging: {} }).includes("Everything is done"));
});

test("judges behind an engine are told with requests, tokens and price", (t) => {
  const text = planText(plan);
  t.regex(text, /judge engine +requests +cached +to do +prompt tokens ≈ +reply tokens ≤ +price ≤/);
  t.regex(text, /gpt +24 +4 +20 +9000 +20480 +0\.2273/);
});
