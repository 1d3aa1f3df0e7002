import { spawnSync } from "node:child_process";
import process from "node:process";
import { Worker } from "node:worker_threads";
import test from "ava";
import * as addon from "../load.mjs";
import { contractDifferences } from "../scripts/check-contract.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";

const load = JSON.stringify(new URL("../load.mjs", import.meta.url).href);

const worker = (body, workerData) =>
  new Worker(
    `import(${load}).then(async (addon) => { const { parentPort, workerData } = await import("node:worker_threads"); ${body} });`,
    { eval: true, workerData },
  );

const answer = (thread) =>
  new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });

test("index.d.ts and the addon agree", async (t) => {
  const model = await addon.loadModel(tinyModel("environments"));
  const context = model.createContext(small);
  const stream = context.logits({ tokens: randomIds(1, 5), from: 0 });
  const embedder = model.createEmbedder({ contextSize: 64 });
  const ranking = await addon.loadModel(tinyModel("environments-rank", { architecture: "bert", head: "plain" }));
  const ranker = ranking.createRanker({ contextSize: 64 });
  t.deepEqual(contractDifferences(addon, model, context, stream, embedder, ranker), []);
  for (const each of [ranker, ranking, embedder, context, model]) each.dispose();
});

test("two worker threads use the addon at once and get the same numbers", async (t) => {
  const path = tinyModel("environments");
  const tokens = randomIds(4, 90);
  const body = `
    const model = await addon.loadModel(workerData.path);
    const context = model.createContext(workerData.small);
    addon.setLog(() => {});
    let columns;
    for (let i = 0; i < 5; i++) { context.clear(); columns = await context.score({ tokens: workerData.tokens, from: 1 }); }
    parentPort.postMessage(columns.logprob);`;
  const model = await addon.loadModel(path);
  const context = model.createContext(small);
  const [one, two, here] = await Promise.all([
    answer(worker(body, { path, small, tokens })),
    answer(worker(body, { path, small, tokens })),
    context.score({ tokens, from: 1 }).then((columns) => columns.logprob),
  ]);
  t.true(sameBits(one, two));
  t.true(sameBits(one, here));
  context.dispose();
  model.dispose();
});

test("a worker that is terminated in the middle of a computation", async (t) => {
  const path = tinyModel("environments");
  const body = `
    const model = await addon.loadModel(workerData.path);
    const context = model.createContext({ ...workerData.small, contextSize: 1024 });
    const again = () => context.generate([{ prompt: workerData.tokens, maxTokens: 900, temperature: 1, topK: 50 }], { onToken: () => {} }).then(again, () => {});
    again();
    parentPort.postMessage("running");`;
  for (let i = 0; i < 3; i++) {
    const thread = worker(body, { path, small, tokens: randomIds(1, 5) });
    await answer(thread);
    t.is(await thread.terminate(), 1);
  }
});

// The calls below are ended by the exit itself: they reject with ABORTED or never settle, and the exit code is what is tested.
test("a process that exits with models open and work under way", (t) => {
  const path = JSON.stringify(tinyModel("environments"));
  for (const end of ["process.exit(7)", "process.exitCode = 7; context.score({ tokens, from: 1 }).catch(() => {})"]) {
    const run = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { loadModel } from ${load};
         const model = await loadModel(${path});
         const context = model.createContext({ contextSize: 1024, threads: 1 });
         const other = model.createContext({ contextSize: 1024, threads: 1 });
         const tokens = Int32Array.from({ length: 900 }, (_, i) => 3 + (i * 7) % 300);
         if (${end.startsWith("process.exit(")}) { other.generate([{ prompt: tokens, maxTokens: 100 }]).catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 30)); }
         ${end};`,
      ],
      { encoding: "utf8" },
    );
    t.is(run.signal, null, run.stderr);
    t.is(run.status, 7, run.stderr);
    t.is(run.stderr, "");
  }
});

test("leaving in the middle of a computation on several threads never crashes", (t) => {
  // Two threads: a pool's thread used ggml's statics while exit destroyed them (exit code 139).
  const path = JSON.stringify(tinyModel("environments"));
  for (const end of [
    "process.exit(7)",
    "setImmediate(() => { throw new Error('thrown on purpose'); })",
    "process.exit(7)",
  ]) {
    const run = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        // What is generated dies with the process: its rejection, if it comes at all, says nothing.
        `import { loadModel } from ${load};
         const model = await loadModel(${path});
         const context = model.createContext({ contextSize: 1024, threads: 2, sequences: 4 });
         const prompt = Int32Array.from({ length: 300 }, (_, i) => 3 + (i * 7) % 300);
         const requests = Array.from({ length: 8 }, () => ({ prompt, maxTokens: 600 }));
         context.generate(requests).catch(() => undefined);
         await new Promise((resolve) => setTimeout(resolve, 60));
         ${end};`,
      ],
      { encoding: "utf8" },
    );
    t.is(run.signal, null, run.stderr);
    t.is(run.status, end.startsWith("process.exit") ? 7 : 1, run.stderr);
  }
});

test("objects nobody holds are collected while others work", async (t) => {
  const model = await addon.loadModel(tinyModel("environments"));
  for (let i = 0; i < 20; i++) model.createContext(small);
  const context = model.createContext(small);
  // The result holds although the context is not named any more.
  const columns = await model.createContext(small).score({ tokens: randomIds(1, 30), from: 1 });
  t.true(sameBits((await context.score({ tokens: randomIds(1, 30), from: 1 })).logprob, columns.logprob));
});
