import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type HubFiles, isUnshiftError, type Judge, type Ranker } from "@unshift/contracts";
import test from "ava";
import { judgeAgain } from "../../src/run/judge-again.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { workshop } from "./workshop.js";

/** A judge by the ranker of one file, which notes when it is asked for what. */
function rankingJudge(path: string, order: string[] = []): Judge {
  let ranker: Ranker | undefined;
  return {
    get version() {
      order.push("version");
      return ranker?.identity ?? "none";
    },
    aspects: [{ id: "reward", title: "Reward", min: null, max: null, meaning: "mean reward" }],
    async prepare(work) {
      order.push("prepare");
      ranker = await work.ranker(path);
      work.note("the scale is the model's own");
    },
    async judge({ sample, answer }, signal) {
      order.push("judge");
      const pair = { question: sample.messages[0]?.content ?? "", answer: answer.text };
      const scores = await ranker?.score([pair], { signal });
      return { status: "scored", scores: { reward: scores?.rows[0] ?? Number.NaN } };
    },
  };
}

test("a judge prepares once, before its version is kept; its model is shared, named in the manifest, closed at the end", async (t) => {
  const shop = await workshop(t);
  const order: string[] = [];
  const { loaded, services, engines } = await shop.open({
    judge: rankingJudge("/reward.gguf", order),
    yaml: (text) => text.replace("  - { use: letters }", "  - { use: letters }\n  - { use: letters, id: again }"),
  });
  const outcome = await runExperiment(loaded, services);
  t.is(order.filter((step) => step === "prepare").length, 2);
  t.true(order.lastIndexOf("prepare") < order.indexOf("judge"));
  t.is(outcome.verdicts.length, 20);
  t.true(outcome.verdicts.every(({ judgement }) => judgement.status === "scored"));
  const { judges } = outcome.manifest.experiment as { judges: { version: string; aspects: unknown[] }[] };
  t.regex(judges[0]?.version ?? "", /^[0-9a-f]{64}$/);
  t.like(judges[0]?.aspects[0], { id: "reward", min: null, max: null });
  t.deepEqual(outcome.manifest.notes, ["the scale is the model's own"]);
  const calls = engines[0]?.calls;
  t.is(calls?.ranked.length, 20);
  t.is(calls?.disposed.filter((name) => name === "/reward.gguf").length, 1, "one ranker for both, closed");
  const stored = await readFile(join(shop.folder, "run/manifest.json"), "utf8");
  t.true(stored.includes('"min": null'));
});

test("the same model scores nothing twice, another one judges anew; `judge` prepares too", async (t) => {
  const shop = await workshop(t);
  const open = (path: string) => shop.open({ judge: rankingJudge(path) });
  const first = await open("/one.gguf");
  const outcome = await runExperiment(first.loaded, first.services);
  const same = await open("/one.gguf");
  t.deepEqual((await runExperiment(same.loaded, same.services)).verdicts, outcome.verdicts);
  t.is(same.engines[0]?.calls.ranked.length, 0);
  const other = await open("/two.gguf");
  const again = await judgeAgain(other.loaded, other.services, { reparse: false });
  t.is(other.engines[0]?.calls.ranked.length, 10);
  t.deepEqual(other.engines[0]?.calls.generated, []);
  t.true(other.engines[0]?.calls.disposed.includes("/two.gguf"));
  t.notDeepEqual(
    again.verdicts.map(({ judgement }) => judgement),
    outcome.verdicts.map(({ judgement }) => judgement),
  );
});

test("`judge` keeps the notes of the judges as they are now, and those of the run", async (t) => {
  const shop = await workshop(t);
  const noting = (note: string | null): Judge => ({
    version: "1",
    aspects: [{ id: "letters", title: "Letters", min: 0, max: null, meaning: "letters" }],
    prepare: async (work) => {
      if (note !== null) work.note(note);
    },
    judge: ({ answer }) => ({ status: "scored", scores: { letters: answer.text.length } }),
  });
  const yaml = (text: string) => text.replace("dataset: memory", "dataset: { use: memory, limit: 2 }");
  const first = await shop.open({ judge: noting("first"), yaml });
  const outcome = await runExperiment(first.loaded, first.services);
  const own = outcome.manifest.notes.filter((note) => note !== "first");
  t.is(own.length, 1, "a limited dataset is noted");
  t.deepEqual(outcome.manifest.notes, [...own, "first"]);
  for (const [note, notes] of [
    ["second", [...own, "second"]],
    ["second", [...own, "second"]],
    [null, own],
  ] as const) {
    const { loaded, services } = await shop.open({ judge: noting(note), yaml });
    const again = await judgeAgain(loaded, services, { reparse: false });
    t.deepEqual(again.manifest.notes, notes);
    const stored = JSON.parse(await readFile(join(shop.folder, "run/manifest.json"), "utf8")) as { notes: string[] };
    t.deepEqual(stored.notes, notes);
  }
});

test("a model on the hub is fetched", async (t) => {
  const shop = await workshop(t);
  const hub: HubFiles = {
    fetch: async (repo, file) => ({ path: `/cache/${repo.name}/${file}`, commit: "c".repeat(40) }),
    list: async () => ({ commit: "c".repeat(40), files: [] }),
  };
  const { loaded, services, engines } = await shop.open({ judge: rankingJudge("hf:acme/reward/q8.gguf@v1") });
  await runExperiment(loaded, { ...services, hub });
  t.is(engines[0]?.calls.ranked[0]?.path, "/cache/acme/reward/q8.gguf");
});

test("what fails while preparing ends the run before any answer, at the judge's place, and closes what is open", async (t) => {
  const shop = await workshop(t);
  const faults: [Judge, string, RegExp][] = [
    [rankingJudge("/broken.gguf"), "EMBEDDING_UNSUPPORTED", /set to give no scores/],
    [rankingJudge("builtin:none"), "CONFIG_UNKNOWN_REFERENCE", /no embedded model "none"/],
    [
      {
        ...rankingJudge("/fine.gguf"),
        async prepare(work) {
          await work.ranker("/fine.gguf");
          throw new Error("no rubric");
        },
      },
      "PLUGIN_CREATE_FAILED",
      /preparing the judge "letters" failed: no rubric/,
    ],
  ];
  for (const [judge, code, message] of faults) {
    const { loaded, services, engines } = await shop.open({
      judge,
      engine: { models: { "/broken.gguf": { rankError: "EMBEDDING_UNSUPPORTED" } } },
    });
    const error = await t.throwsAsync(runExperiment(loaded, services), { message });
    t.true(isUnshiftError(error) && error.code === code, String(error));
    t.is(isUnshiftError(error) ? error.where?.line : undefined, 14, "the line of the judge");
    t.deepEqual(engines[0]?.calls.generated, []);
    t.is(engines[0]?.calls.disposed.includes("/fine.gguf"), code === "PLUGIN_CREATE_FAILED");
  }
});
