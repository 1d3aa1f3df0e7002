import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, type Judge, type JudgeEngine, UnshiftError, type VerdictRecord } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { analyseAgain } from "../../src/run/again.js";
import { currentVerdicts } from "../../src/run/current-verdicts.js";
import { judgeAgain } from "../../src/run/judge-again.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { plainStrategy, samples, type WorkshopOptions, workshop } from "./workshop.js";

/** Scores what the engine says, or what it is told to. */
function scoring(score: number, version: string): Judge {
  return {
    version,
    asks: true,
    aspects: [{ id: "good", title: "good", min: 1, max: 5, meaning: "mean" }],
    async judge({ answer, sample }, _signal, ask) {
      const content = `${version} ${sample.id} ${answer.key}`;
      await ask({ id: "score", messages: [{ role: "user", content }], maxTokens: 1, temperature: 0 });
      return { status: "scored", scores: { good: score } };
    },
  };
}

function engineCalled(identity: string): JudgeEngine {
  return {
    identity,
    concurrency: 1,
    prices: null,
    ask: async () => ({ text: "ok", ended: "whole", model: "m", tokens: { prompt: 1, reply: 1 } }),
  };
}

async function shopOf(t: ExecutionContext, more: WorkshopOptions = {}) {
  const shop = await workshop(t);
  const common: WorkshopOptions = {
    judgeEngine: engineCalled("oracle 1"),
    yaml: (text) =>
      text.replace("  - { use: letters }", "  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: oracle }"),
    ...more,
  };
  const folder = join(shop.folder, "run");
  const manifestFile = join(folder, "manifest.json");
  return {
    folder,
    open: (again: WorkshopOptions) => shop.open({ ...common, ...again }),
    async run(again: WorkshopOptions) {
      const { loaded, services } = await shop.open({ ...common, ...again });
      return runExperiment(loaded, services);
    },
    async judge(again: WorkshopOptions, reparse = false) {
      const { loaded, services } = await shop.open({ ...common, ...again });
      return judgeAgain(loaded, services, { reparse });
    },
    /** n and mean of both systems together, and what people were told. */
    async analysed() {
      const notes: string[] = [];
      const { services } = await shop.open({ ...common, onNote: (note) => notes.push(note) });
      const scores = (await analyseAgain(folder, services)).find(({ name }) => name === "scores");
      const at = (name: string) => scores?.columns.findIndex((column) => column.name === name) ?? -1;
      const rows = scores?.rows ?? [];
      const n = rows.reduce((sum, row) => sum + Number(row[at("n")]), 0);
      const means = rows.filter((row) => Number(row[at("n")]) > 0).map((row) => row[at("mean")]);
      return { n, means: [...new Set(means)], notes };
    },
    async manifest() {
      return JSON.parse(await readFile(manifestFile, "utf8")) as { experiment: { judges: Record<string, unknown>[] } };
    },
    /** As a folder from before judges and items had keys. */
    async age() {
      const manifest = JSON.parse(await readFile(manifestFile, "utf8"));
      for (const judge of manifest.experiment.judges) {
        delete judge.key;
        delete judge.engineIdentity;
      }
      await writeFile(manifestFile, JSON.stringify(manifest));
      const file = join(folder, "verdicts.jsonl");
      const lines = (await readFile(file, "utf8")).trim().split("\n");
      const aged = lines.map((line) => {
        const { judgeKey: _judge, itemKey: _item, ...rest } = JSON.parse(line);
        return JSON.stringify({ ...rest, key: "of an earlier version" });
      });
      await writeFile(file, `${aged.join("\n")}\n`);
    },
  };
}

const half = ["judgeEngines.it.budget.tokens=28"];

test("judging anew that stops half-way leaves new verdicts alone, says how many lack, and the manifest names the new judge", async (t) => {
  for (const how of ["judge", "run"] as const) {
    const shop = await shopOf(t);
    await shop.run({ judge: scoring(2, "1") });
    t.deepEqual(await shop.analysed(), { n: 10, means: [2], notes: [] });
    const before = (await shop.manifest()).experiment.judges[0];
    const stopped = await t.throwsAsync(shop[how]({ judge: scoring(5, "2"), set: half }));
    t.true(isUnshiftError(stopped) && stopped.code === "JUDGE_BUDGET");
    const { n, means, notes } = await shop.analysed();
    t.deepEqual([n, means], [4, [5]], "none of the old ones");
    t.regex(notes.join("\n"), /judge "letters": 6 of 10 verdicts are not there/);
    const now = (await shop.manifest()).experiment.judges[0];
    t.is(now?.["version"], "2");
    t.is(now?.["engineIdentity"], "oracle 1");
    t.not(now?.["key"], before?.["key"]);
    await shop.judge({ judge: scoring(5, "2") });
    t.deepEqual(await shop.analysed(), { n: 10, means: [5], notes: [] });
  }
});

test("another engine's verdicts do not count, and count again where the judge is the old one again", async (t) => {
  const shop = await shopOf(t);
  await shop.run({ judge: scoring(2, "1") });
  const down: JudgeEngine = {
    ...engineCalled("oracle 2"),
    ask: () => Promise.reject(new UnshiftError("JUDGE_UNREACHABLE", "down")),
  };
  await t.throwsAsync(shop.judge({ judge: scoring(2, "1"), judgeEngine: down }), { message: /down/ });
  t.is((await shop.analysed()).n, 0);
  await shop.judge({ judge: scoring(2, "1") });
  t.deepEqual(await shop.analysed(), { n: 10, means: [2], notes: [] });
});

test("what a judge and people said of answers that changed since does not count", async (t) => {
  const shop = await shopOf(t);
  const { verdicts } = await shop.run({ judge: scoring(2, "1") });
  await addRater(shop.folder, verdicts);
  t.is((await shop.analysed()).n, 20);
  const changed = {
    judge: scoring(2, "1"),
    strategy: {
      ...plainStrategy,
      build: async (sample, model) => ({
        ...(await plainStrategy.build(sample, model)),
        text: `Answer: ${sample.messages.at(-1)?.content}\nA:`,
      }),
    },
    judgeEngine: {
      ...engineCalled("oracle 1"),
      ask: () => Promise.reject(new UnshiftError("JUDGE_UNREACHABLE", "down")),
    },
  } satisfies WorkshopOptions;
  await t.throwsAsync(shop.run(changed), { message: /down/ });
  t.is((await shop.analysed()).n, 0);
});

test("what was said by another reference does not count; `judge` takes references and tags as they are now, and no other question", async (t) => {
  const shop = await shopOf(t);
  const judge = scoring(2, "1");
  await shop.run({ judge });
  const referring = samples.map((sample) => (sample.id === "s2" ? { ...sample, reference: ["far"] } : sample));
  const seen: string[] = [];
  const looking: Judge = {
    ...judge,
    judge: (item, signal, ask) => {
      seen.push(...item.sample.reference);
      return judge.judge(item, signal, ask);
    },
  };
  await shop.judge({ judge: looking, samples: referring });
  t.deepEqual(seen, ["far", "far"], "one sample of two systems is judged again, and no other");
  t.deepEqual(await shop.analysed(), { n: 10, means: [2], notes: [] });
  const asking = samples.map((sample) =>
    sample.id === "s2" ? { ...sample, messages: [{ role: "user" as const, content: "how near" }] } : sample,
  );
  const refused = await t.throwsAsync(shop.judge({ judge, samples: asking }));
  t.true(isUnshiftError(refused) && refused.code === "RUN_UNFINISHED");
  t.regex(refused?.message ?? "", /lacks 2 answers/);
});

test("a folder from before judges had keys opens with all its verdicts; once it is judged anew, these no longer mix in", async (t) => {
  const shop = await shopOf(t);
  await shop.run({ judge: scoring(2, "1") });
  await shop.age();
  t.deepEqual(await shop.analysed(), { n: 10, means: [2], notes: [] });
  await t.throwsAsync(shop.judge({ judge: scoring(5, "2"), set: half }));
  const { n, means } = await shop.analysed();
  t.deepEqual([n, means], [4, [5]]);
  const again = await shop.run({ judge: scoring(2, "1") });
  t.is(again.verdicts.length, 10);
  t.deepEqual(await shop.analysed(), { n: 10, means: [2], notes: [] });
  const { services } = await shop.open({});
  const store = await services.store.open(shop.folder, { readOnly: true });
  t.is((await currentVerdicts(store)).length, 10);
  await store.close();
});

test("reading replies again needs no key, as nobody is asked; what may change who answers is needed", async (t) => {
  const withKey = (more: string) => (text: string) =>
    text.replace(
      "  - { use: letters }",
      `  - { use: letters, engine: it }\njudgeEngines:\n  it: { use: oracle, apiKey: "\${UNSHIFT_TEST_KEY}"${more} }`,
    );
  const shop = await shopOf(t, { yaml: withKey("") });
  const code = async (work: Promise<unknown>) => {
    const error = await t.throwsAsync(work);
    return isUnshiftError(error) ? error.code : error;
  };
  const judge = scoring(2, "1");
  t.is(await code(shop.run({ judge })), "CONFIG_SECRET");
  process.env["UNSHIFT_TEST_KEY"] = "k";
  await shop.run({ judge });
  delete process.env["UNSHIFT_TEST_KEY"];
  t.is((await shop.judge({ judge }, true)).verdicts.length, 10);
  t.is(await code(shop.judge({ judge })), "CONFIG_SECRET");
  t.is(await code(shop.judge({ judge, yaml: withKey(', region: "${UNSHIFT_TEST_REGION}"') }, true)), "CONFIG_SECRET");
});

/** A person who said of every answer what a judge did. */
async function addRater(folder: string, verdicts: readonly VerdictRecord[]): Promise<void> {
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(await readFile(file, "utf8"));
  manifest.experiment.annotators = [{ id: "human:ada", use: "human", version: "1", options: {}, aspects: [] }];
  await writeFile(file, JSON.stringify(manifest));
  const rated = verdicts.map(({ judgeKey: _, replies: __, ...verdict }) => ({ ...verdict, judge: "human:ada" }));
  await appendFile(join(folder, "verdicts.jsonl"), rated.map((each) => `${JSON.stringify(each)}\n`).join(""));
}
