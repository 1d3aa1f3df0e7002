import { join } from "node:path";
import { isUnshiftError, type RankedPair } from "@unshift/contracts";
import type { Engine, OpenRanker } from "@unshift/contracts/services";
import { builtinModels } from "@unshift/tiny-models";
import test, { type ExecutionContext } from "ava";
import { createLlamaEngine } from "../src/index.js";
import { loadNative } from "../src/load-native.js";
import { modelWriters, signal, temporaryFolder } from "./open-tiny.js";

async function tinyFile(t: ExecutionContext, options: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(await temporaryFolder(t), "model.gguf");
  (await modelWriters()).writeTinyModel(path, options);
  return path;
}

const bert = { architecture: "bert", context: 32, seed: 6, head: "dense" };
const qwen3 = { architecture: "qwen3", seed: 4, head: "plain", labels: ["yes", "no"] };
/** Control tokens, as the real one has, around both texts. */
const template = { "tokenizer.chat_template.rerank": "<s>ask {query}\nsay {document}</s> is it so" };

async function engineOf(t: ExecutionContext): Promise<Engine> {
  const engine = await createLlamaEngine();
  t.teardown(() => engine.dispose());
  return engine;
}

async function rankerOf(engine: Engine, path: string): Promise<OpenRanker> {
  const ranker = await engine.ranker?.({ path, gpuLayers: null, threads: null }, { signal });
  if (ranker === undefined) throw new Error("the engine cannot rank");
  return ranker;
}

/** What the addon says of ids, beside the engine. */
async function nativeScores(path: string, texts: readonly (readonly number[])[]): Promise<Float32Array> {
  const model = await (await loadNative()).loadModel(path);
  const ranker = model.createRanker();
  const { rows } = await ranker.score(texts.map((ids) => Int32Array.from(ids)));
  ranker.dispose();
  model.dispose();
  return rows;
}

async function idsOf(path: string, text: string, options?: { readonly parseSpecial: boolean }): Promise<number[]> {
  const model = await (await loadNative()).loadModel(path, { vocabOnly: true });
  const ids = [...model.encode(text, options)];
  model.dispose();
  return ids;
}

test("BERT reads [CLS] question [SEP] answer [SEP], a text by itself [CLS] text [SEP]", async (t) => {
  const path = await tinyFile(t, bert);
  const ranker = await rankerOf(await engineOf(t), path);
  t.deepEqual(ranker.labels, ["score"]);
  t.is(ranker.maxTokens, 32);
  const [question, answer] = [await idsOf(path, "what is gold"), await idsOf(path, "the metal of gold")];
  const [cls, sep] = [2, 3];
  const { rows, truncated } = await ranker.score(
    [
      { question: "what is gold", answer: "the metal of gold" },
      { question: null, answer: "the metal of gold" },
      { question: "", answer: "" },
    ],
    { signal },
  );
  t.is(truncated, 0);
  t.deepEqual(
    rows,
    await nativeScores(path, [
      [cls, ...question, sep, ...answer, sep],
      [cls, ...answer, sep],
      [cls, sep, sep],
    ]),
  );
});

test("a pair's score does not depend on its neighbours; calls wait for each other", async (t) => {
  for (const options of [bert, { ...qwen3, metadata: template }]) {
    const path = await tinyFile(t, options);
    const engine = await engineOf(t);
    const ranker = await rankerOf(engine, path);
    const width = ranker.labels.length;
    const pairs = Array.from(
      { length: 20 },
      (_, index): RankedPair => ({ question: "is it so", answer: `the ${index} of ${"gold ".repeat(index % 5)}` }),
    );
    const [whole, part] = await Promise.all([
      ranker.score(pairs, { signal }),
      (await rankerOf(engine, path)).score(pairs.slice(7, 8), { signal }),
    ]);
    t.true(new Set(whole.rows).size > 10);
    t.deepEqual(part.rows, whole.rows.slice(7 * width, 8 * width));
  }
});

test("a rerank template is filled and read as llama.cpp's server does; a text cannot spell its control tokens", async (t) => {
  const path = await tinyFile(t, { ...qwen3, metadata: template });
  const ranker = await rankerOf(await engineOf(t), path);
  t.deepEqual(ranker.labels, ["yes", "no"]);
  const whole = await idsOf(path, "<s>ask who\nsay he</s> is it so", { parseSpecial: true });
  t.true(whole.includes(1) && whole.includes(2), "<s> and </s> are read as control tokens");
  const { rows } = await ranker.score([{ question: "who", answer: "he" }], { signal });
  t.deepEqual(rows, await nativeScores(path, [whole]));
  t.true(Math.abs((rows[0] ?? 0) + (rows[1] ?? 0) - 1) < 1e-6, "probabilities");

  const pieces = [
    await idsOf(path, "<s>ask ", { parseSpecial: true }),
    await idsOf(path, "who"),
    await idsOf(path, "\nsay ", { parseSpecial: true }),
    await idsOf(path, "</s> he"),
    await idsOf(path, "</s> is it so", { parseSpecial: true }),
  ].flat();
  t.is(pieces.filter((id) => id === 2).length, 1, "only the template's own </s>");
  const odd = await ranker.score([{ question: "who", answer: "</s> he" }], { signal });
  t.deepEqual(odd.rows, await nativeScores(path, [pieces]));
});

test("without template or separator, an empty line stands between question and answer", async (t) => {
  const path = await tinyFile(t, qwen3);
  const ranker = await rankerOf(await engineOf(t), path);
  const { rows } = await ranker.score([{ question: "who", answer: "he" }], { signal });
  const ids = [await idsOf(path, "who"), await idsOf(path, "\n\n"), await idsOf(path, "he")].flat();
  t.deepEqual(rows, await nativeScores(path, [[1, ...ids]]), "BOS in front");
});

test("an answer that is too long is cut at its end and counted; a question that is too long is refused", async (t) => {
  const engine = await engineOf(t);
  for (const options of [bert, { ...qwen3, context: 64, metadata: template }]) {
    const ranker = await rankerOf(engine, await tinyFile(t, options));
    const question = "is it so";
    const long = "a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(10);
    const cut = await ranker.score([{ question, answer: long }], { signal });
    t.is(cut.truncated, 1);
    const other = await ranker.score([{ question, answer: `${long} and gold` }], { signal });
    t.deepEqual(other.rows, cut.rows, "what lies behind the cut is not read");
    const short = await ranker.score([{ question, answer: "a b c" }], { signal });
    t.is(short.truncated, 0);
    t.notDeepEqual(short.rows, cut.rows);
    const error = await t.throwsAsync(ranker.score([{ question: long, answer: "" }], { signal }));
    t.true(isUnshiftError(error) && error.code === "CONTEXT_TOO_SMALL", String(error));
  }
});

test("a model without a classifier head is refused with what would do; faults and aborts are coded", async (t) => {
  const engine = await engineOf(t);
  const error = await t.throwsAsync(rankerOf(engine, builtinModels["tiny-base"]));
  t.true(isUnshiftError(error) && error.code === "EMBEDDING_UNSUPPORTED", String(error));
  t.regex(error?.message ?? "", /no classifier head/);
  t.regex(isUnshiftError(error) ? (error.hint ?? "") : "", /reranker or a classifier/);
  await t.throwsAsync(rankerOf(engine, "/none.gguf"), { code: "MODEL_NOT_FOUND" });
  const ranker = await rankerOf(engine, await tinyFile(t, bert));
  const aborted = await t.throwsAsync(
    ranker.score([{ question: null, answer: "gold" }], { signal: AbortSignal.abort() }),
  );
  t.true(isUnshiftError(aborted) && aborted.code === "ABORTED", String(aborted));
});

test("identity is that of the file; closed twice, or with the engine", async (t) => {
  const engine = await engineOf(t);
  const path = await tinyFile(t, bert);
  const [one, same, other] = [
    await rankerOf(engine, path),
    await rankerOf(engine, path),
    await rankerOf(engine, await tinyFile(t, { ...bert, seed: 7 })),
  ];
  t.regex(one.identity, /^[0-9a-f]{64}$/);
  t.is(one.identity, same.identity);
  t.not(one.identity, other.identity);
  await one.dispose();
  await one.dispose();
  const pair = [{ question: "who", answer: "he" }];
  await t.throwsAsync(one.score(pair, { signal }), { code: "NATIVE_DISPOSED" });
  const running = same.score(pair, { signal });
  await engine.dispose();
  t.is((await running).rows.length, 1, "what was under way is finished");
  await t.throwsAsync(same.score(pair, { signal }), { code: "NATIVE_DISPOSED" });
});
