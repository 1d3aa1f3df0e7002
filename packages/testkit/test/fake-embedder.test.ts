import test from "ava";
import { createFakeEngine } from "../src/index.js";
import { openFake, signal } from "./open-fake.js";

const texts = ["What is the capital of France?", "What is the capital of Spain?", "Name a metal.", "", "🙂"];

function dot(rows: Float32Array, a: number, b: number, d: number): number {
  let sum = 0;
  for (let i = 0; i < d; i += 1) sum += (rows[a * d + i] ?? Number.NaN) * (rows[b * d + i] ?? Number.NaN);
  return sum;
}

test("rows of length 1, near where texts are alike, the same alone and in another order", async (t) => {
  const engine = createFakeEngine();
  const embedder = await engine.embedder({ model: await openFake(engine, "base"), pooling: null }, { signal });
  t.is(embedder.pooling, "mean");
  const d = embedder.dimensions;
  const heard: number[] = [];
  const { rows, truncated } = await embedder.embed(texts, { signal, onDone: (done) => heard.push(done) });
  t.deepEqual(heard, [1, 2, 3, 4, 5]);
  t.is(truncated, 0);
  for (const index of [0, 1, 2, 4]) t.true(Math.abs(dot(rows, index, index, d) - 1) < 1e-6);
  t.is(dot(rows, 3, 3, d), 0, "no token, no row");
  t.true(dot(rows, 0, 1, d) > 0.6 && dot(rows, 0, 1, d) > dot(rows, 0, 2, d) + 0.3);
  const reversed = await embedder.embed(texts.toReversed(), { signal });
  for (const [index, text] of texts.entries()) {
    const row = rows.slice(index * d, (index + 1) * d);
    t.deepEqual((await embedder.embed([text], { signal })).rows, row);
    const place = texts.length - 1 - index;
    t.deepEqual(reversed.rows.slice(place * d, (place + 1) * d), row);
  }
  t.deepEqual(engine.calls.embedded.slice(0, 2), [
    { model: "base", text: texts[0] },
    { model: "base", text: texts[1] },
  ]);
});

test("model, file and pooling make other rows and another identity", async (t) => {
  const engine = createFakeEngine();
  const [base, aligned] = [await openFake(engine, "base"), await openFake(engine, "aligned")];
  const file = { path: "/nowhere.gguf", gpuLayers: null, threads: null };
  const seen = new Set<string>();
  for (const [model, pooling] of [
    [base, "mean"],
    [base, "last"],
    [base, "cls"],
    [aligned, "mean"],
    [file, "mean"],
  ] as const) {
    const embedder = await engine.embedder({ model, pooling }, { signal });
    t.is(embedder.pooling, pooling);
    seen.add(embedder.identity).add((await embedder.embed(texts, { signal })).rows.join());
  }
  t.is(seen.size, 10);
});

test("long texts are cut and counted; faults, aborts and closed models are coded", async (t) => {
  const engine = createFakeEngine({
    failEncode: "ENCODE",
    models: { small: { contextSize: 8 }, ranking: { embedError: "EMBEDDING_UNSUPPORTED" } },
  });
  const small = await openFake(engine, "small");
  const embedder = await engine.embedder({ model: small, pooling: null }, { signal });
  t.is(embedder.maxTokens, 8);
  const { rows, truncated } = await embedder.embed(["xxxxxxxx", "xxxxxxxxyy"], { signal });
  t.is(truncated, 1);
  t.deepEqual(rows.slice(0, embedder.dimensions), rows.slice(embedder.dimensions));
  await t.throwsAsync(embedder.embed(["an ENCODE fault"], { signal }), { code: "TOKENIZE_UNKNOWN_CHARACTER" });
  await t.throwsAsync(embedder.embed(texts, { signal: AbortSignal.abort() }), { code: "ABORTED" });
  const ranking = await openFake(engine, "ranking");
  await t.throwsAsync(engine.embedder({ model: ranking, pooling: null }, { signal }), {
    code: "EMBEDDING_UNSUPPORTED",
  });
  const other = await engine.embedder({ model: small, pooling: null }, { signal });
  await embedder.dispose();
  await t.throwsAsync(embedder.embed(texts, { signal }), { code: "NATIVE_DISPOSED" });
  await small.dispose();
  await t.throwsAsync(other.embed(["x"], { signal }), { code: "NATIVE_DISPOSED" });
});

test("score gives the subject's columns of a comparison and says that there is no reference", async (t) => {
  const engine = createFakeEngine({ failCompare: "COMPARE" });
  const [base, aligned] = [await openFake(engine, "base"), await openFake(engine, "aligned")];
  const prompt = { ids: base.encodeText("Name a river."), prefixLength: 0 };
  const item = { subjectPrompt: prompt, answerIds: base.encodeText("The city of Paris is old."), topK: 4 };
  const compared = await engine.compare(aligned, base, { ...item, referencePrompt: prompt }, { signal });
  const scored = await engine.score(base, item, { signal });
  for (const name of [
    "tokenIds",
    "subjectLogprob",
    "subjectRank",
    "subjectEntropy",
    "subjectTopIds",
    "subjectTopLogprobs",
  ] as const) {
    t.deepEqual(scored[name], compared[name], name);
  }
  t.true(scored.withoutReference);
  t.true(scored.js.every(Number.isNaN) && scored.referenceTopLogprobs.every(Number.isNaN));
  t.true(scored.referenceRank.every((rank) => rank === 0) && scored.referenceTopIds.every((id) => id === -1));
  t.is(scored.referenceTopIds.length, item.answerIds.length * 4);
  t.is(scored.subjectDroppedMass, null);
  t.deepEqual(engine.calls.scored, [{ subject: "base", positions: item.answerIds.length }]);
  const failing = { ...item, subjectPrompt: { ids: base.encodeText("COMPARE"), prefixLength: 0 } };
  await t.throwsAsync(engine.score(base, failing, { signal }), { code: "LOGITS_NOT_FINITE" });
});
