import test from "ava";
import { loadModel } from "../load.mjs";
import { bertStates, llamaStates, pooled } from "./support/forward.mjs";
import { randomIds, sameBits, tinyModel, withWeights } from "./support/models.mjs";

const poolings = /** @type {const} */ (["mean", "last", "cls"]);

const rowsOf = ({ rows }, d) => Array.from({ length: rows.length / d }, (_, i) => rows.subarray(i * d, i * d + d));
const length = (row) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));

function farthest(got, want) {
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);
}

const llama = withWeights("embed-llama", { seed: 4 });
const bert = withWeights("embed-bert", {
  architecture: "bert",
  seed: 6,
  context: 64,
  numbers: { "bert.pooling_type": 2 },
});

for (const pooling of poolings) {
  test(`${pooling} of a generative model: the hidden states of a float64 pass of our own`, async (t) => {
    const model = await loadModel(llama.path);
    const embedder = model.createEmbedder({ pooling, threads: 1 });
    t.is(embedder.pooling, pooling);
    t.is(embedder.dimensions, 64);
    const texts = [randomIds(1, 1), randomIds(2, 17), randomIds(3, 90)];
    const rows = rowsOf(await embedder.embed(texts), 64);
    texts.forEach((ids, i) => {
      const error = farthest(rows[i], pooled(llamaStates(llama.weights, ids), pooling));
      t.true(error < 1e-5, `text ${i}: off by ${error}`);
    });
    embedder.dispose();
    model.dispose();
  });

  test(`${pooling} of an encoder: the hidden states of a float64 pass of our own`, async (t) => {
    const model = await loadModel(bert.path);
    const embedder = model.createEmbedder({ pooling, threads: 1 });
    t.is(embedder.maxTokens, 64);
    const texts = ["gold", "the metal of gold and of tin.", "a b c d e f g h i j k l m n o p q r s t u v w x y z"].map(
      (text) => model.encode(text, { framed: true }),
    );
    t.deepEqual([texts[0].at(0), texts[0].at(-1)], [2, 3], "[CLS] in front, [SEP] behind");
    const rows = rowsOf(await embedder.embed(texts), 64);
    texts.forEach((ids, i) => {
      // ggml looks GELU up in a table of half precision.
      const error = farthest(rows[i], pooled(bertStates(bert.weights, ids), pooling));
      t.true(error < 5e-4, `text ${i}: off by ${error}`);
    });
    embedder.dispose();
    model.dispose();
  });
}

test("a text of several decodes pools over all of them", async (t) => {
  const long = withWeights("embed-long", { seed: 8, layers: 1, embedding: 32 });
  const model = await loadModel(long.path);
  const ids = randomIds(9, 700);
  const states = llamaStates(long.weights, ids, { layers: 1, embedding: 32 });
  for (const pooling of poolings) {
    const embedder = model.createEmbedder({ pooling });
    t.is(embedder.maxTokens, 1024);
    const [row] = rowsOf(await embedder.embed([ids]), 32);
    const error = farthest(row, pooled(states, pooling));
    t.true(error < 1e-5, `${pooling}: off by ${error}`);
    embedder.dispose();
  }
  model.dispose();
});

for (const [name, options, ids] of /** @type {const} */ ([
  ["f32", { seed: 4 }, [3, 40, 1, 600, 0, 17]],
  ["q4_0", { seed: 4, type: "q4_0" }, [3, 40, 1, 600, 0, 17]],
  ["mamba", { architecture: "mamba", seed: 2 }, [3, 40, 1, 600, 0, 17]],
  ["bert", { architecture: "bert", seed: 6, context: 64 }, [3, 40, 1, 64, 0, 17]],
])) {
  test(`${name}: a text's row does not depend on its neighbours, bit for bit`, async (t) => {
    const model = await loadModel(tinyModel(`embed-alone-${name}`, options));
    const v = Math.min(300, model.vocabulary.size);
    const texts = ids.map((n, i) => randomIds(50 + i, n, v));
    const embedder = model.createEmbedder();
    const d = embedder.dimensions;
    const together = rowsOf(await embedder.embed(texts), d);
    const reversed = rowsOf(await embedder.embed(texts.toReversed()), d).toReversed();
    for (const [i, ids] of texts.entries()) {
      const fresh = model.createEmbedder({ threads: 1 });
      const { rows, tokens } = await fresh.embed([ids]);
      t.is(tokens, ids.length);
      t.true(sameBits(rows, together[i]), `text ${i} alone`);
      t.true(sameBits(reversed[i], together[i]), `text ${i} in another order`);
      t.true(ids.length === 0 ? rows.every((x) => Object.is(x, 0)) : Math.abs(length(rows) - 1) < 1e-6);
      fresh.dispose();
    }
    t.is((await embedder.embed([])).rows.length, 0);
    embedder.dispose();
    model.dispose();
  });
}

test("pooling follows the file; where it names none, mean; a model that ranks is refused", async (t) => {
  const opened = async (name, options) => loadModel(tinyModel(name, options));
  const plain = await opened("embed-llama");
  for (const pooling of [undefined, null]) {
    const embedder = plain.createEmbedder({ pooling });
    t.is(embedder.pooling, "mean");
    embedder.dispose();
  }
  for (const [number, name] of [
    [0, "mean"],
    [1, "mean"],
    [2, "cls"],
    [3, "last"],
  ]) {
    const model = await opened(`embed-pooling-${number}`, { numbers: { "llama.pooling_type": number } });
    const embedder = model.createEmbedder();
    t.is(embedder.pooling, name);
    embedder.dispose();
    model.dispose();
  }
  const ranking = await opened("embed-rank", { numbers: { "llama.pooling_type": 4 } });
  for (const pooling of [null, "mean"]) {
    const error = t.throws(() => ranking.createEmbedder({ pooling }), {
      code: "EMBEDDING_UNSUPPORTED",
      message: /rank/,
    });
    t.is(error.details.pooling, "rank");
    t.is(error.details.allowed, "mean, last, cls");
  }
  t.throws(() => plain.createEmbedder({ pooling: "max" }), { code: "NATIVE_INVALID_ARGUMENT", message: /pooling/ });
  t.throws(() => plain.createEmbedder({ sequences: 2 }), { code: "NATIVE_INVALID_ARGUMENT", message: /sequences/ });
  const vocabulary = await loadModel(tinyModel("embed-llama"), { vocabOnly: true });
  t.throws(() => vocabulary.createEmbedder(), { code: "CONTEXT_CREATE_FAILED" });
  for (const model of [plain, ranking, vocabulary]) model.dispose();
});

test("an encoder whose file does not say that it looks both ways", async (t) => {
  // llama.cpp knows the architecture; the embedder then reads a text in one piece all the same.
  const model = await loadModel(tinyModel("embed-alone-bert", { architecture: "bert", seed: 6, context: 64 }));
  t.is(model.metadata["bert.attention.causal"], "false");
  const silent = await loadModel(
    tinyModel("embed-bert-silent", { architecture: "bert", seed: 6, context: 64, causal: null }),
  );
  t.is(silent.metadata["bert.attention.causal"], undefined);
  const ids = randomIds(1, 40, model.vocabulary.size);
  const [a, b] = [model.createEmbedder(), silent.createEmbedder()];
  t.true(sameBits((await a.embed([ids])).rows, (await b.embed([ids])).rows));
  for (const each of [a, b, model, silent]) each.dispose();
});

test("limits, faults, aborts and life time", async (t) => {
  const model = await loadModel(llama.path);
  const embedder = model.createEmbedder({ contextSize: 32 });
  t.is(embedder.maxTokens, 32);
  t.is(embedder.model, model);
  const error = await t.throwsAsync(() => embedder.embed([randomIds(1, 4), randomIds(1, 33)]), {
    code: "CONTEXT_TOO_SMALL",
    message: /texts\[1\].*33.*32/,
  });
  t.is(error.details.index, 1);
  await t.throwsAsync(() => embedder.embed([Int32Array.of(5, 99999)]), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => embedder.embed([[1, 2]]), { code: "NATIVE_INVALID_ARGUMENT", message: /texts\[0\]/ });
  t.throws(() => embedder.embed("gold"), { code: "NATIVE_INVALID_ARGUMENT" });
  const texts = Array.from({ length: 400 }, (_, i) => randomIds(i, 20));
  const controller = new AbortController();
  let heard = 0;
  const running = embedder.embed(texts, {
    signal: controller.signal,
    onDone: (done) => {
      heard = done;
      controller.abort("enough");
    },
  });
  t.throws(() => embedder.embed([]), { code: "NATIVE_BUSY" });
  t.throws(() => embedder.dispose(), { code: "NATIVE_BUSY" });
  t.throws(() => model.dispose(), { code: "NATIVE_BUSY" });
  const aborted = await t.throwsAsync(running, { code: "ABORTED" });
  t.is(aborted.cause, "enough");
  t.true(heard > 0 && heard < texts.length);
  // After an abort the next rows are what they always were.
  const told = [];
  const after = await embedder.embed(texts.slice(0, 3), { onDone: (done) => told.push(done) });
  t.deepEqual(told, [1, 2, 3]);
  const fresh = model.createEmbedder({ contextSize: 32 });
  t.true(sameBits(after.rows, (await fresh.embed(texts.slice(0, 3))).rows));
  fresh.dispose();
  embedder.dispose();
  embedder.dispose();
  t.true(embedder.disposed);
  t.throws(() => embedder.embed([]), { code: "NATIVE_DISPOSED" });
  model.dispose();
  t.throws(() => model.createEmbedder(), { code: "NATIVE_DISPOSED" });
});

test("rows that are not finite are an error, and the next text is not touched by them", async (t) => {
  const poison = 70;
  const path = tinyModel("embed-not-finite", {
    weights: (name, values) => name === "token_embd.weight" && values.fill(Number.NaN, poison * 64, poison * 64 + 64),
  });
  const model = await loadModel(path);
  const embedder = model.createEmbedder();
  const good = Int32Array.of(20, 30, 40);
  const { rows } = await embedder.embed([good]);
  const error = await t.throwsAsync(() => embedder.embed([good, Int32Array.of(30, poison, 31)]), {
    code: "LOGITS_NOT_FINITE",
  });
  t.is(error.details.index, 1);
  t.true(sameBits((await embedder.embed([good])).rows, rows));
  embedder.dispose();
  model.dispose();
});
