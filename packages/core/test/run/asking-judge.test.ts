// One file, because every test asks the same oracle through the same workshop, and counts what it was asked.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, type Judge, type JudgeEngine, type JudgeRequest, UnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { judgeAgain } from "../../src/run/judge-again.js";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { type WorkshopOptions, workshop } from "./workshop.js";

/** Asks how many letters the answer has; reads the number. */
const counting: Judge = {
  version: "1",
  asks: true,
  aspects: [{ id: "length", title: "length", min: 0, max: 1e6, meaning: "characters of the answer" }],
  async judge({ answer, sample }, _signal, ask) {
    const { text } = await ask({
      id: "count",
      messages: [{ role: "user", content: `${sample.id} ${answer.system} ${answer.text}` }],
      maxTokens: 10,
      temperature: 0,
    });
    const length = Number(text);
    return Number.isInteger(length)
      ? { status: "scored", scores: { length } }
      : { status: "unparsed", reason: "no number", raw: text };
  },
};

function oracle(answer: (request: JudgeRequest, call: number) => string, concurrency = 3) {
  const asked: JudgeRequest[] = [];
  const engine: JudgeEngine = {
    identity: "oracle 1",
    concurrency,
    prices: { prompt: 1e6, reply: 1e6 },
    async ask(request) {
      asked.push(request);
      const text = answer(request, asked.length);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { text, ended: "whole", model: "oracle", tokens: { prompt: 2, reply: 1 } };
    },
  };
  return { engine, asked };
}

const withEngine = (more: string) => (text: string) =>
  text.replace("  - { use: letters }", `  - { use: letters, engine: it${more} }\njudgeEngines:\n  it: { use: oracle }`);

const lengthOf = (request: JudgeRequest) => String((request.messages[0]?.content ?? "").length);

async function shopOf(t: ExecutionContext, options: WorkshopOptions, more = "") {
  const shop = await workshop(t);
  const common = { judge: counting, yaml: withEngine(more), ...options };
  return {
    shop,
    async judge(how: Parameters<typeof judgeAgain>[2], again: WorkshopOptions = {}) {
      const { loaded, services } = await shop.open({ ...common, ...again });
      return judgeAgain(loaded, services, how);
    },
    async run(again: WorkshopOptions = {}) {
      const { loaded, services } = await shop.open({ ...common, ...again });
      return runExperiment(loaded, services);
    },
    async reparse(again: WorkshopOptions = {}) {
      const { loaded, services } = await shop.open({ ...common, ...again });
      return judgeAgain(loaded, services, { reparse: true });
    },
    async replies() {
      const text = await readFile(join(shop.folder, "run/replies.jsonl"), "utf8");
      return text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { key: string; reply: { text: string } });
    },
  };
}

test("every reply is kept, every verdict names its replies, and a second run asks nobody", async (t) => {
  const { engine, asked } = oracle(lengthOf);
  const { run, replies } = await shopOf(t, { judgeEngine: engine });
  const outcome = await run();
  t.is(outcome.verdicts.length, 10);
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  const keys = new Set((await replies()).map(({ key }) => key));
  t.true(outcome.verdicts.every((verdict) => verdict.replies?.every((key) => keys.has(key)) ?? false));
  t.is(asked.length, 10);
  const again = await run();
  t.is(asked.length, 10);
  t.deepEqual(again.verdicts, outcome.verdicts);
});

test("an engine that fails half of the time loses and doubles nothing", async (t) => {
  const { engine, asked } = oracle((request, call) => {
    if (call % 2 === 0) throw new UnshiftError("JUDGE_RESPONSE", "status 500");
    return lengthOf(request);
  });
  const { run } = await shopOf(t, { judgeEngine: engine });
  const first = await run();
  const failed = first.verdicts.filter(({ judgement }) => judgement.status === "failed").length;
  t.is(failed, 5);
  let outcome = first;
  for (let sitting = 0; sitting < 6; sitting += 1) outcome = await run();
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  t.is(outcome.verdicts.length, 10);
  t.is(asked.length, 10 + 9, "ten good replies, each asked for once; nine bad ones between them");
});

test("an unreachable engine stops judging at once, and the next call goes on", async (t) => {
  let up = false;
  const { engine, asked } = oracle((request, call) => {
    if (!up && call > 4) throw new UnshiftError("JUDGE_UNREACHABLE", "connection refused");
    return lengthOf(request);
  }, 1);
  const { run } = await shopOf(t, { judgeEngine: engine });
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "JUDGE_UNREACHABLE" && error.exitCode === 3);
  t.is(asked.length, 5);
  up = true;
  const outcome = await run();
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  t.is(asked.length, 5 + 6);
});

test("a budget stops the run, says what was spent, and a larger one continues", async (t) => {
  const { engine, asked } = oracle(lengthOf, 1);
  const { run } = await shopOf(t, { judgeEngine: engine });
  const error = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=10"] }));
  t.true(isUnshiftError(error) && error.code === "JUDGE_BUDGET" && error.exitCode === 3);
  t.regex(error?.message ?? "", /12 of 10 tokens, in 4 requests/);
  const money = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.money=15"] }));
  t.regex(money?.message ?? "", /15\.0000 of 15/);
  const outcome = await run({ set: ["judgeEngines.it.budget.money=1000"] });
  t.is(outcome.verdicts.length, 10);
  t.is(asked.length, 10);
});

test("a budget goes on where another model answers under the same id, and a small sum is shown as it is", async (t) => {
  const { engine, asked } = oracle(lengthOf, 1);
  const { run } = await shopOf(t, { judgeEngine: engine });
  await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=10"] }), {
    message: /12 of 10 tokens, in 4 requests/,
  });
  const other = { ...engine, identity: "oracle 2" };
  await t.throwsAsync(run({ judgeEngine: other, set: ["judgeEngines.it.budget.tokens=10"] }), {
    message: /12 of 10 tokens, in 4 requests/,
  });
  await t.throwsAsync(run({ judgeEngine: other, set: ["judgeEngines.it.budget.tokens=20"] }), {
    message: /21 of 20 tokens, in 7 requests/,
  });
  t.is(asked.length, 7);
  const cheap = { ...other, prices: { prompt: 5, reply: 5 } };
  await t.throwsAsync(run({ judgeEngine: cheap, set: ["judgeEngines.it.budget.money=0.0001"] }), {
    message: /0\.0001050 of 0\.0001, in 7 requests/,
  });
});

test("a run tells what its judge engines have used in all sittings", async (t) => {
  const { engine } = oracle(lengthOf, 1);
  const { run, reparse } = await shopOf(t, { judgeEngine: engine });
  await run({ limit: 2 });
  const { judging } = await run();
  // Prices are of a million tokens: ten requests of two tokens read and one written.
  t.deepEqual(judging, { it: { requests: 10, promptTokens: 20, replyTokens: 10, money: 30 } });
  t.deepEqual((await reparse()).judging, judging, "reading again costs nothing");
});

test("a budget holds where the engine does not say what a request used", async (t) => {
  const { engine, asked } = oracle(lengthOf, 1);
  const silent: JudgeEngine = {
    ...engine,
    ask: async (request, options) => ({ ...(await engine.ask(request, options)), tokens: null }),
  };
  const { run } = await shopOf(t, { judgeEngine: silent });
  const error = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=10"] }));
  t.true(isUnshiftError(error) && error.code === "JUDGE_BUDGET");
  t.true(asked.length < 10, `${asked.length} requests`);
});

test("a budget in money without prices is refused: no request would ever reach it", async (t) => {
  const { engine, asked } = oracle(lengthOf, 1);
  const { run } = await shopOf(t, { judgeEngine: { ...engine, prices: null } });
  const error = await t.throwsAsync(run({ set: ["judgeEngines.it.budget.money=1"] }));
  t.true(isUnshiftError(error) && error.code === "CONFIG_INVALID");
  t.regex(error?.message ?? "", /budget in money and no `prices`/);
  t.is(asked.length, 0);
});

test("an engine that refuses every request stops judging after the set number; a mended one is asked for what failed", async (t) => {
  let refusing = true;
  const { engine, asked } = oracle((request, call) => {
    if (refusing) throw new UnshiftError("JUDGE_RESPONSE", `refused (400), request id ${call}`);
    return lengthOf(request);
  }, 1);
  const logged: string[] = [];
  const { run } = await shopOf(t, { judgeEngine: engine, onLog: (level) => logged.push(level) }, ", maxFailed: 4");
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "JUDGE_FAILING" && error.exitCode === 3);
  t.regex(error?.message ?? "", /4 items in a row failed in the same way\. The last: refused \(400\), request id 4$/);
  t.is(asked.length, 4);
  t.false(logged.includes("warn"), "stacks are not for the terminal");
  refusing = false;
  const outcome = await run();
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  t.is(asked.length, 4 + 10);
});

test("failures with good replies between them do not stop judging", async (t) => {
  const { engine } = oracle((request, call) => {
    if (call % 3 !== 0) throw new UnshiftError("JUDGE_RESPONSE", "status 400");
    return lengthOf(request);
  }, 1);
  const { run } = await shopOf(t, { judgeEngine: engine }, ", maxFailed: 3");
  const { verdicts } = await run();
  t.is(verdicts.filter(({ judgement }) => judgement.status === "failed").length, 7);
});

test("items nobody was asked about do not hide that no reply can be read", async (t) => {
  const { engine, asked } = oracle(() => "no idea", 1);
  const everyOther: Judge = {
    ...counting,
    judge: (item, signal, ask) =>
      Number(item.sample.id.slice(1)) % 2 === 1
        ? { status: "not-applicable", reason: "not a sample it is for" }
        : counting.judge(item, signal, ask),
  };
  const { run } = await shopOf(t, { judge: everyOther, judgeEngine: engine }, ", maxUnparsed: 2");
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "JUDGE_UNPARSABLE");
  t.is(asked.length, 2);
});

test("an item that failed for want of a reply does not keep the others from being read again", async (t) => {
  const { engine, asked } = oracle((request, call) => {
    if (call === 3) throw new UnshiftError("JUDGE_RESPONSE", "status 400");
    return lengthOf(request);
  }, 1);
  const { run, reparse } = await shopOf(t, { judgeEngine: engine });
  const first = await run();
  t.is(first.verdicts.filter(({ judgement }) => judgement.status === "failed").length, 1);
  const again = await reparse({ judge: { ...counting, version: "2" } });
  t.is(asked.length, 10, "nobody was asked");
  t.deepEqual(
    again.verdicts.map(({ judgement }) => judgement),
    first.verdicts.map(({ judgement }) => judgement),
  );
});

test("replies that cannot be read stop judging after the set number, are kept, and can be read again for nothing", async (t) => {
  const { engine, asked } = oracle((request) => `about ${lengthOf(request)}`, 1);
  const { run, reparse, replies } = await shopOf(t, { judgeEngine: engine }, ", maxUnparsed: 4");
  const error = await t.throwsAsync(run());
  t.true(isUnshiftError(error) && error.code === "JUDGE_UNPARSABLE" && error.exitCode === 3);
  t.is((await replies()).length, 4);
  const patient = await run({ set: ["judges.0.maxUnparsed=100"] });
  t.true(patient.verdicts.every(({ judgement }) => judgement.status === "unparsed"));
  t.is(asked.length, 10);

  const better: Judge = {
    ...counting,
    version: "2",
    judge: (item, signal, ask) =>
      counting.judge(item, signal, async (request) => {
        const reply = await ask(request);
        return { ...reply, text: reply.text.replace("about ", "") };
      }),
  };
  const outcome = await reparse({ judge: better });
  t.is(asked.length, 10, "nobody was asked");
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
});

test("reading again what was never asked is refused", async (t) => {
  const { engine } = oracle(lengthOf);
  const { run, reparse } = await shopOf(t, { judgeEngine: engine });
  await run({ limit: 2 });
  const error = await t.throwsAsync(
    reparse({
      limit: 2,
      judge: {
        ...counting,
        judge: async (_item, _signal, ask) => {
          await ask({ id: "other", messages: [{ role: "user", content: "?" }], maxTokens: 1, temperature: 0 });
          return { status: "not-applicable", reason: "" };
        },
      },
    }),
  );
  t.true(isUnshiftError(error) && error.code === "JUDGE_REPLY_MISSING");
});

test("a judge of pairs sees both answers to each sample, and is asked as often as wanted", async (t) => {
  const { engine, asked } = oracle(() => "1");
  const pairs: Judge = {
    version: "1",
    asks: true,
    judges: "pairs",
    aspects: [{ id: "overall", title: "overall", min: 0, max: 1, meaning: "share of wins" }],
    async judge({ answer, against, sample }, _signal, ask) {
      await ask({ id: "ab", messages: [{ role: "user", content: sample.id }], maxTokens: 1, temperature: 1 });
      return { status: "preferred", preferences: { overall: answer.text === against?.text ? "tie" : "answer" } };
    },
  };
  const { run } = await shopOf(t, { judge: pairs, judgeEngine: engine }, ", repeat: 2");
  const outcome = await run();
  t.is(outcome.verdicts.length, 10, "five samples, one pair, twice");
  t.true(outcome.verdicts.every(({ system, against }) => system === "aligned" && against === "zero-shot"));
  t.deepEqual(outcome.verdicts.map(({ repeat }) => repeat ?? 1).toSorted(), [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  t.is(asked.length, 10, "the second time is another request");
  await run();
  t.is(asked.length, 10);
});

test("what a judge of another kind said under the same id is in no table", async (t) => {
  const { engine } = oracle(lengthOf);
  const pairs: Judge = {
    version: "1",
    asks: true,
    judges: "pairs",
    aspects: [{ id: "overall", title: "overall", min: 0, max: 1, meaning: "share of wins" }],
    judge: () => ({ status: "preferred", preferences: { overall: "tie" } }),
  };
  const { run } = await shopOf(t, { judgeEngine: engine });
  await run({ judge: pairs });
  const outcome = await run();
  const rowsOf = (name: string) => outcome.tables.find((table) => table.name === name)?.rows ?? [];
  t.is(rowsOf("preferences").length, 0);
  t.true(rowsOf("scores").length > 0);
  const back = await run({ judge: pairs });
  t.is(back.tables.find(({ name }) => name === "scores")?.rows.length, 0);
});

test("pairs that are no longer asked for are in no table", async (t) => {
  const { engine } = oracle(() => "1");
  const pairs: Judge = {
    version: "1",
    asks: true,
    judges: "pairs",
    aspects: [{ id: "overall", title: "overall", min: 0, max: 1, meaning: "share of wins" }],
    judge: () => ({ status: "preferred", preferences: { overall: "answer" } }),
  };
  const { shop } = await shopOf(t, { judge: pairs, judgeEngine: engine });
  const three = (more: string) => (text: string) =>
    withEngine(more)(text).replace("systems:\n", "systems:\n  third: { model: base, strategy: plain }\n");
  const compared = async (more: string) => {
    const { loaded, services } = await shop.open({ judge: pairs, judgeEngine: engine, yaml: three(more) });
    return (await runExperiment(loaded, services)).tables.find(({ name }) => name === "preferences")?.rows.length;
  };
  t.is(await compared(""), 3);
  t.is(await compared(", pairs: [[aligned, third]]"), 1);
});

test("a model of the experiment can be the judge", async (t) => {
  const shop = await workshop(t);
  const { loaded, services, engines } = await shop.open({
    judge: {
      ...counting,
      judge: async (item, signal, ask) => {
        const judgement = await counting.judge(item, signal, ask);
        return judgement.status === "unparsed"
          ? { status: "scored", scores: { length: judgement.raw.length } }
          : judgement;
      },
    },
    yaml: (text) =>
      text.replace(
        "  - { use: letters }",
        "  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: local, model: aligned, strategy: plain }",
      ),
  });
  const outcome = await runExperiment(loaded, services);
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  t.is(engines[0]?.calls.generated.length, 10 + 10, "ten answers and ten replies");
});

test("a model that judges is asked anew where its strategy writes another prompt by the same options", async (t) => {
  const shop = await workshop(t);
  const bySample: Judge = {
    ...counting,
    judge: async ({ sample }, _signal, ask) => {
      const { text } = await ask({
        id: "count",
        messages: [{ role: "user", content: sample.id }],
        maxTokens: 10,
        temperature: 0,
      });
      return { status: "scored", scores: { length: text.length } };
    },
  };
  const local =
    "  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: local, model: aligned, strategy: plain }";
  const generated = async (head: string) => {
    const { loaded, services, engines } = await shop.open({
      judge: bySample,
      // As a file of examples does that was edited between two sittings.
      strategy: {
        build: ({ id }) => ({
          text: `${head}${id}`,
          parseSpecial: false,
          bos: "auto",
          staticChars: head.length,
          stop: ["\n"],
          provenance: {},
        }),
      },
      yaml: (text) => text.replace("  - { use: letters }", local),
    });
    await runExperiment(loaded, services);
    return engines[0]?.calls.generated.length;
  };
  t.is(await generated("Q: "), 10 + 5);
  t.is(await generated("Q: "), 0);
  t.is(await generated("Question: "), 10 + 5, "answers and replies");
});

test("another way from schema to sampling makes other keys: a local judge is asked anew", async (t) => {
  const shop = await workshop(t);
  const sitting = async (schemaVersion: string) => {
    const { loaded, services, engines } = await shop.open({
      judge: {
        ...counting,
        judge: async (item, _signal, ask) => {
          const { text } = await ask({
            id: "count",
            messages: [{ role: "user", content: `${item.sample.id} ${item.answer.system}` }],
            schema: { type: "integer", minimum: 1, maximum: 9 },
            maxTokens: 10,
            temperature: 0,
          });
          return { status: "scored", scores: { length: Number(text) } };
        },
      },
      yaml: (text) =>
        text.replace(
          "  - { use: letters }",
          "  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: local, model: aligned, strategy: plain }",
        ),
      schemaVersion,
    });
    const { verdicts } = await runExperiment(loaded, services);
    return { generated: engines[0]?.calls.generated.length, keys: verdicts.map(({ key }) => key) };
  };
  const first = await sitting("grammar 1");
  const same = await sitting("grammar 1");
  t.is(same.generated, 0);
  t.deepEqual(same.keys, first.keys);
  const other = await sitting("grammar 2");
  t.is(other.generated, 10, "ten replies, no answer");
  t.false(other.keys.some((key) => first.keys.includes(key)));
});

test("a judge that asks needs an engine; one that does not takes none", async (t) => {
  const shop = await workshop(t);
  const none = await shop.open({ judge: counting });
  const missing = await t.throwsAsync(runExperiment(none.loaded, none.services));
  t.true(isUnshiftError(missing) && missing.code === "CONFIG_INVALID");
  t.regex(missing?.message ?? "", /asks a language model: `engine` must name/);
  const { engine } = oracle(lengthOf);
  const idle = await shop.open({ yaml: withEngine(""), judgeEngine: engine });
  t.regex((await t.throwsAsync(runExperiment(idle.loaded, idle.services)))?.message ?? "", /asks no language model/);
  const paired = await shop.open({
    yaml: (text) => text.replace("  - { use: letters }", "  - { use: letters, pairs: [[aligned, zero-shot]] }"),
  });
  t.regex(
    (await t.throwsAsync(runExperiment(paired.loaded, paired.services)))?.message ?? "",
    /judges answers one by one: `pairs` means nothing here/,
  );
});

test("what could not be read counts again when the command is repeated; asking again is free of the old replies, which stay", async (t) => {
  let mended = false;
  const { engine, asked } = oracle((request) => (mended ? lengthOf(request) : "no idea"), 1);
  const { run, judge, replies } = await shopOf(t, { judgeEngine: engine }, ", maxUnparsed: 4");
  await t.throwsAsync(run(), { message: /4 replies in a row cannot be read/ });
  for (const again of [run, () => judge({})]) {
    const error = await t.throwsAsync(again());
    t.true(isUnshiftError(error) && error.code === "JUDGE_UNPARSABLE");
    t.regex((isUnshiftError(error) ? error.hint : "") ?? "", /--again unparsed/);
  }
  t.is(asked.length, 4, "no repeat pays for more");
  await t.throwsAsync(judge({ again: "unparsed" }), { message: /4 replies in a row/ });
  t.is(asked.length, 8);
  mended = true;
  const budget = { set: ["judgeEngines.it.budget.tokens=25"] };
  const spent = await t.throwsAsync(judge({ again: "unparsed" }, budget));
  t.regex(
    spent?.message ?? "",
    /27 of 25 tokens, in 9 requests/,
    "replies that are no longer read were paid all the same",
  );
  const outcome = await judge({ again: "unparsed" });
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  t.is(outcome.verdicts.length, 10);
  t.is(asked.length, 18);
  t.is((await replies()).length, 18);
  await judge({ again: "unparsed" });
  t.is((await run()).verdicts.length, 10);
  t.is(asked.length, 18, "nothing is left to ask");
  await judge({ again: "all" });
  t.is(asked.length, 28);
  await run();
  t.is(asked.length, 28);
});

test("requests under way are reckoned with: a budget is passed by one request at most", async (t) => {
  for (const [set, most] of [
    ["judgeEngines.it.budget.tokens=10", 4],
    ["judgeEngines.it.budget.money=10", 4],
  ] as const) {
    const { engine, asked } = oracle(lengthOf, 8);
    const { run } = await shopOf(t, { judgeEngine: engine });
    const error = await t.throwsAsync(run({ set: [set] }));
    t.true(isUnshiftError(error) && error.code === "JUDGE_BUDGET");
    t.is(asked.length, most);
  }
});

test("a budget with room lets requests go at once", async (t) => {
  const { engine } = oracle(lengthOf, 8);
  let [open, most] = [0, 0];
  const watched: JudgeEngine = {
    ...engine,
    ask: async (request, options) => {
      most = Math.max(most, ++open);
      return engine.ask(request, options).finally(() => {
        open -= 1;
      });
    },
  };
  const { run } = await shopOf(t, { judgeEngine: watched });
  await run({ set: ["judgeEngines.it.budget.tokens=100000"] });
  t.is(most, 8);
});

test("a plan counts the requests of judges and what they may cost at most, and asks nobody", async (t) => {
  const { engine, asked } = oracle(lengthOf, 1);
  const { shop, run } = await shopOf(t, { judgeEngine: engine });
  const plan = async () => {
    const { loaded, services } = await shop.open({ judge: counting, yaml: withEngine(""), judgeEngine: engine });
    return (await planExperiment(loaded, services)).judging["it"];
  };
  const first = await plan();
  t.like(first, { requests: 10, cached: 0, toDo: 10, maxReplyTokens: 100 });
  t.is(first?.maxMoney, (first?.promptTokens ?? 0) + 100, "one unit a token");
  t.true((first?.promptTokens ?? 0) >= 10 * 12, "answers that are not there count at maxTokens");
  t.is(asked.length, 0);
  await t.throwsAsync(run({ set: ["judgeEngines.it.budget.tokens=12"] }));
  t.like(await plan(), { requests: 10, cached: 4, toDo: 6, maxReplyTokens: 60 });
  t.is(asked.length, 4);
});

test("a plan counts pairs whose answers are not there yet, though a judge need not be asked about equal ones", async (t) => {
  const { engine } = oracle(() => "1");
  const judge: Judge = {
    version: "1",
    asks: true,
    judges: "pairs",
    aspects: [{ id: "overall", title: "overall", min: 0, max: 1, meaning: "share of wins" }],
    async judge({ answer, against, sample }, _signal, ask) {
      if (answer.text !== against?.text) {
        const content = `${sample.id} ${answer.text} ${against?.text}`;
        await ask({ id: "ab", messages: [{ role: "user", content }], maxTokens: 1, temperature: 0 });
      }
      return { status: "preferred", preferences: { overall: "tie" } };
    },
  };
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({ judge, judgeEngine: engine, yaml: withEngine("") });
  t.like((await planExperiment(loaded, services)).judging["it"], { requests: 5, toDo: 5 });
});
