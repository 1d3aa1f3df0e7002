import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  isUnshiftError,
  type Judge,
  type JudgeEngine,
  type KeyedRequest,
  type ManyHost,
  UnshiftError,
} from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { Lull } from "../../src/run/lull.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { type WorkshopOptions, workshop } from "./workshop.js";

const askingOf = (id: string, content: string) => ({
  id,
  messages: [{ role: "user" as const, content }],
  maxTokens: 10,
  temperature: 0,
});

/** Asks two things at once and, of answers to every other sample, a third one that hangs on the replies. */
const judge: Judge = {
  version: "1",
  asks: true,
  aspects: [{ id: "length", title: "length", min: 0, max: 1e6, meaning: "characters of the replies" }],
  async judge({ answer, sample }, _signal, ask) {
    if (sample.id === "s4") return { status: "not-applicable", reason: "not this one" };
    const about = `${sample.id} ${answer.system}`;
    const first = await Promise.all([ask(askingOf("one", about)), ask(askingOf("two", `${about} again`))]);
    const last = sample.id === "s0" ? [await ask(askingOf("three", first.map(({ text }) => text).join()))] : [];
    return {
      status: "scored",
      scores: { length: [...first, ...last].reduce((sum, { text }) => sum + text.length, 0) },
    };
  },
};

type AskMany = (requests: readonly KeyedRequest[], host: ManyHost) => Promise<void>;

const replyTo = ({ request }: KeyedRequest) => ({
  text: `(${request.messages[0]?.content})`,
  ended: "whole" as const,
  model: "oracle",
  tokens: { prompt: 2, reply: 1 },
});

/** Answers all, batch by batch, and keeps what it was asked. */
function oracle(askMany?: AskMany) {
  const calls: (readonly KeyedRequest[])[] = [];
  let single = 0;
  const engine: JudgeEngine = {
    identity: "oracle 1",
    concurrency: 2,
    prices: { prompt: 1e6, reply: 1e6 },
    async ask(request, { repeat }) {
      single += 1;
      return replyTo({ key: "", request, repeat });
    },
  };
  const answerAll: AskMany = async (requests, host) => {
    host.admit(requests.map(({ key }) => key));
    await Promise.all(requests.map((request) => host.reply(request.key, replyTo(request), `b${calls.length}`)));
  };
  const many: JudgeEngine = {
    ...engine,
    async askMany(requests, host) {
      calls.push(requests);
      await (askMany ?? answerAll)(requests, host);
    },
  };
  return { one: engine, many, calls, answerAll, singles: () => single };
}

const withEngine = (text: string) =>
  text.replace("  - { use: letters }", "  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: oracle }");

async function shopOf(t: ExecutionContext, options: WorkshopOptions) {
  const shop = await workshop(t);
  return {
    folder: join(shop.folder, "run"),
    async run(again: WorkshopOptions = {}) {
      const { loaded, services } = await shop.open({ judge, yaml: withEngine, ...options, ...again });
      return runExperiment(loaded, services);
    },
  };
}

const lines = async (file: string) =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

test("all requests that hang on no reply come in one call, the others in the next; each is asked once", async (t) => {
  const { many, calls, singles } = oracle();
  const { run, folder } = await shopOf(t, { judgeEngine: many });
  const { verdicts } = await run();
  t.is(verdicts.length, 10);
  t.is(verdicts.filter(({ judgement }) => judgement.status === "scored").length, 8);
  t.deepEqual(
    calls.map((requests) => requests.length),
    [16, 2],
    "two of each of four samples and two systems; then what hung on replies",
  );
  t.is(singles(), 0);
  const replies = await lines(join(folder, "replies.jsonl"));
  t.deepEqual([...new Set(replies.map(({ batch }) => batch))], ["b1", "b2"]);
  await run();
  t.is(calls.length, 2, "a finished run asks nobody");
});

test("what was asked one by one is not asked together, and the other way round", async (t) => {
  const { one, many, calls, singles } = oracle();
  const first = await shopOf(t, { judgeEngine: one });
  const alone = await first.run({ limit: 3 });
  const asked = singles();
  const together = await first.run({ judgeEngine: many });
  t.deepEqual(
    together.verdicts.filter(({ sampleId }) => alone.verdicts.some((verdict) => verdict.sampleId === sampleId)),
    [...alone.verdicts],
  );
  t.is(calls.flat().length + asked, 18);
  const before = calls.length;
  await first.run({ judgeEngine: one });
  t.is(singles(), asked);
  t.is(calls.length, before);
});

test("a request that the engine gives up fails its items; one it forgets fails too; the next run asks those alone", async (t) => {
  let broken = true;
  const { many, calls, answerAll } = oracle(async (requests, host) => {
    const [refused, forgotten, ...rest] = requests;
    if (!broken || refused === undefined || forgotten === undefined) return answerAll(requests, host);
    host.fail(refused.key, new UnshiftError("JUDGE_RESPONSE", "too long"));
    return answerAll(rest, host);
  });
  const { run } = await shopOf(t, { judgeEngine: many });
  const failed = (await run()).verdicts.flatMap(({ judgement }) =>
    judgement.status === "failed" ? [judgement.reason] : [],
  );
  t.true(failed.includes("too long"));
  broken = false;
  const before = calls.length;
  const { verdicts } = await run();
  t.true(verdicts.every(({ judgement }) => judgement.status !== "failed"));
  t.true(calls.slice(before).flat().length <= 3);
});

test("what stops the engine stops judging, with its code; replies that came are kept", async (t) => {
  let up = false;
  const { many, calls, answerAll } = oracle(async (requests, host) => {
    if (up) return answerAll(requests, host);
    await answerAll(requests.slice(0, 5), host);
    throw new UnshiftError("JUDGE_BATCH_PENDING", "not finished");
  });
  const { run } = await shopOf(t, { judgeEngine: many });
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "JUDGE_BATCH_PENDING" && error.exitCode === 3);
  t.is(calls.length, 1, "what hangs on a reply that came is not asked any more");
  up = true;
  await run();
  t.is(calls.slice(1).flat().length, 18 - 5);
});

test("an interruption reaches the engine, and the run says how it goes on", async (t) => {
  const interruption = new AbortController();
  const { many } = oracle(async (_requests, host) => {
    setTimeout(() => interruption.abort(), 5);
    await new Promise((resolve) => host.signal.addEventListener("abort", resolve, { once: true }));
    host.note("batch b1 goes on");
    throw new UnshiftError("ABORTED", "interrupted");
  });
  const notes: string[] = [];
  const { run } = await shopOf(t, {
    judgeEngine: many,
    signal: interruption.signal,
    onNote: (note) => notes.push(note),
  });
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "ABORTED");
  t.regex(error?.message ?? "", /the same command continues/);
  t.true(notes.includes("batch b1 goes on"));
});

test("the ledger is there in the next sitting, for the same engine alone", async (t) => {
  const seen: unknown[] = [];
  const { one, many, answerAll } = oracle(async (requests, host) => {
    seen.push(Object.fromEntries(host.ledger.entries));
    if (seen.length === 1) {
      await host.ledger.write("a", { batch: "b1", keys: ["k"] });
      await host.ledger.write("b", 2);
      await host.ledger.write("b", null);
      seen.push(Object.fromEntries(host.ledger.entries));
      throw new UnshiftError("JUDGE_UNREACHABLE", "down");
    }
    await answerAll(requests, host);
  });
  const { run, folder } = await shopOf(t, { judgeEngine: many });
  await t.throwsAsync(run());
  const other = { ...many, identity: "oracle 2" };
  await run({ judgeEngine: other, limit: 1 });
  await run();
  const notes: string[] = [];
  await run({ judgeEngine: one, onNote: (note) => notes.push(note) });
  t.true(notes.some((note) => /^judge engine "it" asks one by one now; what .* is asked and paid again$/.test(note)));
  const kept = { a: { batch: "b1", keys: ["k"] } };
  t.deepEqual(seen.slice(0, 3), [{}, kept, {}]);
  t.true(seen.length > 3);
  for (const found of seen.slice(4)) t.deepEqual(found, kept);
  t.deepEqual(
    (await lines(join(folder, "ledger.jsonl"))).map(({ engine, name, value }) => [engine, name, value !== null]),
    [
      ["oracle 1", "a", true],
      ["oracle 1", "b", true],
      ["oracle 1", "b", false],
    ],
  );
});

test("a batch is admitted only where what it may cost at most is left; what came by batch costs half", async (t) => {
  const { many, calls } = oracle();
  const { run } = await shopOf(t, { judgeEngine: many });
  const few = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=100"] }));
  t.true(isUnshiftError(few) && few.code === "JUDGE_BUDGET" && few.exitCode === 3);
  t.regex(
    few?.message ?? "",
    /a batch of 16 requests may cost up to \d+ tokens, and of 100 are 0 spent and 0 promised/,
  );
  t.is(calls.length, 1);

  // 16 and 2 requests of 3 tokens at a price of 1 each.
  const cheap = ["judgeEngines.it.prices={prompt: 1000000, reply: 1000000}"];
  await run({ set: [...cheap, "judgeEngines.it.budget.money=1000"], limit: 2 });
  const spent = await t.throwsAsync(run({ set: [...cheap, "judgeEngines.it.budget.money=1"] }));
  t.regex(spent?.message ?? "", /and of 1 are (\d+)\.\d+ spent and 0\.0000 promised/);
  const replies = calls.slice(1).flat().length - (calls.at(-1)?.length ?? 0);
  t.is(/are ([\d.]+) spent/.exec(spent?.message ?? "")?.[1], (replies * 3 * 0.5).toFixed(4));
  const full = [...cheap, "judgeEngines.it.prices.batch=1", "judgeEngines.it.budget.money=1"];
  t.regex(
    (await t.throwsAsync(run({ set: full })))?.message ?? "",
    new RegExp(`are ${(replies * 3).toFixed(4)} spent`),
  );
});

test("requests that were sent before count as promised, and are never refused", async (t) => {
  const { many } = oracle(async (requests, host) => {
    host.resume(requests.slice(0, 8).map(({ key }) => key));
    host.admit(requests.slice(8).map(({ key }) => key));
  });
  const { run } = await shopOf(t, { judgeEngine: many });
  const error = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=300"] }));
  t.true(isUnshiftError(error) && error.code === "JUDGE_BUDGET");
  const [, wanted, promised] =
    /up to (\d+) tokens, and of 300 are 0 spent and (\d+) promised/.exec(error?.message ?? "") ?? [];
  t.true(Number(promised) > 100 && Number(wanted) > 100);
});

test("a lull is found whatever judgements do: all that is asked is answered, and calls are as few as can be", async (t) => {
  // A judgement is a list of steps: how many requests at once, and whether it rests a while before.
  const steps = fc.array(fc.record({ asks: fc.integer({ min: 0, max: 3 }), rests: fc.boolean() }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (judgements) => {
      let waiting: (() => void)[] = [];
      let calls = 0;
      const lull = new Lull(() => {
        const answered = waiting;
        if (answered.length === 0) return;
        waiting = [];
        calls += 1;
        for (const answer of answered) answer();
      });
      const answers = await Promise.all(
        judgements.map(async (judgement) => {
          const work = lull.begin();
          let got = 0;
          for (const { asks, rests } of judgement) {
            if (rests) await new Promise((resolve) => setImmediate(resolve));
            const asked = Array.from({ length: asks }, () =>
              work.wait(new Promise<void>((resolve) => waiting.push(resolve))),
            );
            got += (await Promise.all(asked)).length;
          }
          work.end();
          return got;
        }),
      );
      t.deepEqual(
        answers,
        judgements.map((judgement) => judgement.reduce((sum, { asks }) => sum + asks, 0)),
      );
      t.is(calls, Math.max(...judgements.map((judgement) => judgement.filter(({ asks }) => asks > 0).length)));
    }),
    { seed: 11, numRuns: 150 },
  );
});
