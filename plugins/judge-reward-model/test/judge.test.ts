import type { Judge, JudgeItem, RankedPair, Ranker, Sample } from "@unshift/contracts";
import { isUnshiftError } from "@unshift/contracts";
import { answerRecord, checkJudge, checkPlugin, createFakeEngine, createForCheck, noAsk } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

const offered = plugin.judges?.["reward-model"];
const { signal } = new AbortController();

/** A ranker whose scores are the lengths of question and answer. */
function lengths(labels: readonly string[], identity = "lengths") {
  const seen: RankedPair[] = [];
  const ranker: Ranker = {
    identity,
    labels,
    maxTokens: 10,
    score: async (pairs) => {
      seen.push(...pairs);
      const rows = pairs.flatMap(({ question, answer }) => [answer.length, question?.length ?? -1]);
      return {
        rows: Float32Array.from(rows.slice(0, labels.length)),
        truncated: pairs.filter(({ answer }) => answer.length > 10).length,
      };
    },
  };
  return { ranker, seen };
}

async function prepared(options: object, ranker: Ranker, asked: string[] = []): Promise<Judge> {
  const judge: Judge = await createForCheck(offered, { options, folder: "/experiments" });
  await judge.prepare?.({
    signal,
    ranker: async (path) => {
      asked.push(path);
      return ranker;
    },
    note: () => undefined,
  });
  return judge;
}

const sample: Sample = { id: "s", messages: [{ role: "user", content: "Why?" }], reference: [], tags: {} };
const item = (text: string, of: Sample = sample): JudgeItem => ({ sample: of, answer: answerRecord(text) });

test("it keeps the contract, on odd answers too", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  for (const format of ["pair", "qa", "answer"]) {
    await t.notThrowsAsync(checkJudge(offered, { options: { model: "./reward.gguf", format } }));
  }
});

test("the file is named as every other: relative to the experiment, on the hub, embedded", async (t) => {
  const asked: string[] = [];
  const { ranker } = lengths(["score"]);
  for (const model of ["./reward.gguf", "hf:acme/reward/q8.gguf@v1", "builtin:reward"]) {
    await prepared({ model }, ranker, asked);
  }
  t.deepEqual(asked, ["/experiments/reward.gguf", "hf:acme/reward/q8.gguf@v1", "builtin:reward"]);
});

test("each format puts the item to the model in its own way", async (t) => {
  const { ranker, seen } = lengths(["score"]);
  for (const format of ["pair", "qa", "answer"]) {
    const judge = await prepared({ model: "./m.gguf", format }, ranker);
    t.is((await judge.judge(item("So."), signal, noAsk)).status, "scored");
  }
  t.deepEqual(seen, [
    { question: "Why?", answer: "So." },
    { question: null, answer: "Question: Why?\n\nAnswer: So." },
    { question: null, answer: "So." },
  ]);
  const chat: Sample = {
    ...sample,
    messages: [
      { role: "user", content: "Who?" },
      { role: "assistant", content: "Goethe." },
      { role: "user", content: "When?" },
    ],
  };
  await (await prepared({ model: "./m.gguf" }, ranker)).judge(item("1749.", chat), signal, noAsk);
  t.deepEqual(seen.at(-1), { question: "User: Who?\n\nAssistant: Goethe.\n\nUser: When?", answer: "1749." });
});

test("the score is the model's own number; an answer that was cut says so; an empty one alone is not read", async (t) => {
  const { ranker } = lengths(["score"]);
  const judge = await prepared({ model: "./m.gguf" }, ranker);
  t.deepEqual(await judge.judge(item("So."), signal, noAsk), { status: "scored", scores: { reward: 3 } });
  t.deepEqual(await judge.judge(item("A long answer."), signal, noAsk), {
    status: "scored",
    scores: { reward: 14 },
    rationale: "Only the beginning of the answer was read: 10 tokens with all that stands around it.",
  });
  t.deepEqual(await judge.judge(item(""), signal, noAsk), { status: "scored", scores: { reward: 0 } });
  const alone = await prepared({ model: "./m.gguf", format: "answer" }, ranker);
  t.is((await alone.judge(item(" \n"), signal, noAsk)).status, "not-applicable");
});

test("of several outputs the label says which; a wrong or missing one is refused with those there are", async (t) => {
  const { ranker } = lengths(["long", "asked"]);
  const judge = await prepared({ model: "./m.gguf", label: "asked" }, ranker);
  t.deepEqual(await judge.judge(item("So."), signal, noAsk), { status: "scored", scores: { reward: 4 } });
  for (const [options, message] of [
    [{ model: "./m.gguf" }, /2 outputs: `label` must say which/],
    [{ model: "./m.gguf", label: "short" }, /no output "short"/],
  ] as const) {
    const error = await t.throwsAsync(prepared(options, ranker), { message });
    t.true(isUnshiftError(error) && error.code === "PLUGIN_OPTIONS");
    t.is(isUnshiftError(error) ? error.hint : undefined, 'Its labels: "long", "asked".');
  }
});

test("another model is another version; before it is prepared nothing is judged", async (t) => {
  const versions = await Promise.all(
    ["one", "two"].map(
      async (identity) => (await prepared({ model: "./m.gguf" }, lengths(["score"], identity).ranker)).version,
    ),
  );
  t.deepEqual(versions, ["1 one", "1 two"]);
  const judge: Judge = await createForCheck(offered, { options: { model: "./m.gguf" } });
  await t.throwsAsync(async () => judge.judge(item("So."), signal, noAsk), { message: /before it was prepared/ });
});

test("the fake engine's ranker: the same pair, the same score, whatever stands beside it", async (t) => {
  const path = "/reward.gguf";
  const engine = createFakeEngine({ models: { [path]: { labels: ["a", "b"] } } });
  const open = () => engine.ranker({ path, gpuLayers: null, threads: null }, { signal });
  const ranker = await open();
  t.deepEqual(ranker.labels, ["a", "b"]);
  const pairs = ["x", "y", "z"].map((answer) => ({ question: "q", answer }));
  const { rows } = await ranker.score(pairs, { signal });
  t.is(new Set(rows).size, 6);
  t.deepEqual((await (await open()).score(pairs.slice(1, 2), { signal })).rows, rows.slice(2, 4));
  t.is((await ranker.score([{ question: "q", answer: "word ".repeat(2000) }], { signal })).truncated, 1);
  await ranker.dispose();
  await t.throwsAsync(ranker.score(pairs, { signal }), { code: "NATIVE_DISPOSED" });
});
