import test from "ava";
import { loadModel } from "../load.mjs";
import { bertStates, headOutputs, headProbabilities, llamaStates } from "./support/forward.mjs";
import { randomIds, sameBits, tinyModel, withWeights } from "./support/models.mjs";

const bert = (name, options) => withWeights(name, { architecture: "bert", seed: 6, context: 64, ...options });
const reward = bert("rank-reward", { head: "dense" });
const qwen3 = withWeights("rank-qwen3", { architecture: "qwen3", seed: 4, head: "plain", labels: ["yes", "no"] });

const farthest = (got, want) => got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);

for (const [name, file, head, labels] of /** @type {const} */ ([
  ["a reward behind a dense layer", reward, "dense", [""]],
  [
    "three classes, no dense layer",
    bert("rank-classes", { head: "plain", labels: ["bad", "fair", "good"] }),
    "plain",
    ["bad", "fair", "good"],
  ],
])) {
  test(`${name}: the outputs of a float64 pass of our own`, async (t) => {
    const model = await loadModel(file.path);
    const ranker = model.createRanker({ threads: 1 });
    t.deepEqual(ranker.labels, labels);
    t.is(ranker.maxTokens, 64);
    const v = model.vocabulary.size;
    const texts = [randomIds(1, 1, v), randomIds(2, 17, v), randomIds(3, 64, v)];
    const { rows, tokens } = await ranker.score(texts);
    t.is(tokens, 82);
    t.is(rows.length, texts.length * labels.length);
    texts.forEach((ids, i) => {
      const want = headOutputs(file.weights, bertStates(file.weights, ids)[0], head);
      const error = farthest(rows.slice(i * labels.length, (i + 1) * labels.length), want);
      // ggml looks GELU up in a table of half precision.
      t.true(error < 1e-3, `text ${i}: off by ${error}`);
    });
    t.true(Math.abs(rows[0] - rows[labels.length]) > 0.02, "the texts differ by more than the error allowed");
    ranker.dispose();
    model.dispose();
  });
}

test("a decoder's head (Qwen3): the last token, probabilities", async (t) => {
  const model = await loadModel(qwen3.path);
  const ranker = model.createRanker({ threads: 1 });
  t.deepEqual(ranker.labels, ["yes", "no"]);
  const texts = [randomIds(1, 1), randomIds(2, 17), randomIds(3, 90)];
  const { rows } = await ranker.score(texts);
  texts.forEach((ids, i) => {
    const states = llamaStates(qwen3.weights, ids, { qwen3: true });
    const error = farthest(rows.slice(2 * i, 2 * i + 2), headProbabilities(qwen3.weights, states.at(-1)));
    t.true(error < 1e-5, `text ${i}: off by ${error}`);
  });
  t.true(Math.abs(rows[0] - rows[2]) > 1e-3);
  ranker.dispose();
  model.dispose();
});

for (const [name, path, ids] of /** @type {const} */ ([
  ["bert", reward.path, [3, 40, 1, 64, 17]],
  ["qwen3", qwen3.path, [3, 40, 1, 600, 17]],
  [
    "q8_0",
    tinyModel("rank-q8", { architecture: "bert", seed: 6, context: 64, head: "dense", type: "q8_0" }),
    [3, 40, 1, 64, 17],
  ],
])) {
  test(`${name}: a score does not depend on its neighbours, bit for bit`, async (t) => {
    const model = await loadModel(path);
    const v = Math.min(300, model.vocabulary.size);
    const texts = ids.map((n, i) => randomIds(50 + i, n, v));
    const ranker = model.createRanker();
    const outputs = ranker.labels.length;
    const rowsOf = ({ rows }) => texts.map((_, i) => rows.slice(i * outputs, (i + 1) * outputs));
    const together = rowsOf(await ranker.score(texts));
    const reversed = rowsOf(await ranker.score(texts.toReversed())).toReversed();
    for (const [i, text] of texts.entries()) {
      const fresh = model.createRanker({ threads: 1 });
      t.true(sameBits((await fresh.score([text])).rows, together[i]), `text ${i} alone`);
      t.true(sameBits(reversed[i], together[i]), `text ${i} in another order`);
      fresh.dispose();
    }
    t.is((await ranker.score([])).rows.length, 0);
    ranker.dispose();
    model.dispose();
  });
}

test("a model without a classifier head is refused, whatever its file says of pooling", async (t) => {
  for (const [name, options] of /** @type {const} */ ([
    ["rank-none-llama", {}],
    ["rank-none-bert", { architecture: "bert", context: 64, numbers: { "bert.pooling_type": 4 } }],
    ["rank-none-labels", { architecture: "bert", context: 64, labels: ["a", "b"] }],
  ])) {
    const model = await loadModel(tinyModel(name, options));
    const error = t.throws(() => model.createRanker(), {
      code: "EMBEDDING_UNSUPPORTED",
      message: /no classifier head.*cls\.output\.weight/,
    });
    t.is(error.details.tensor, "cls.output.weight");
    model.dispose();
  }
  const model = await loadModel(reward.path);
  t.throws(() => model.createRanker({ pooling: "mean" }), { code: "NATIVE_INVALID_ARGUMENT", message: /pooling/ });
  model.dispose();
  const vocabulary = await loadModel(reward.path, { vocabOnly: true });
  t.throws(() => vocabulary.createRanker(), { code: "CONTEXT_CREATE_FAILED" });
  vocabulary.dispose();
});

test("limits, faults, aborts and life time", async (t) => {
  const model = await loadModel(reward.path);
  t.is(model.vocabulary.separator, 3, "[SEP]");
  t.true(model.vocabulary.addSeparator);
  const v = model.vocabulary.size;
  const ranker = model.createRanker({ contextSize: 32 });
  t.is(ranker.maxTokens, 32);
  t.is(ranker.model, model);
  const error = await t.throwsAsync(() => ranker.score([randomIds(1, 4, v), randomIds(1, 33, v)]), {
    code: "CONTEXT_TOO_SMALL",
    message: /texts\[1\].*33.*32/,
  });
  t.is(error.details.index, 1);
  await t.throwsAsync(() => ranker.score([Int32Array.of(5, 99999)]), { code: "NATIVE_INVALID_ARGUMENT" });
  await t.throwsAsync(() => ranker.score([new Int32Array()]), { code: "NATIVE_INVALID_ARGUMENT", message: /no id/ });
  t.throws(() => ranker.score([[1, 2]]), { code: "NATIVE_INVALID_ARGUMENT", message: /texts\[0\]/ });
  const texts = Array.from({ length: 400 }, (_, i) => randomIds(i, 20, v));
  const controller = new AbortController();
  let heard = 0;
  const running = ranker.score(texts, {
    signal: controller.signal,
    onDone: (done) => {
      heard = done;
      controller.abort("enough");
    },
  });
  t.throws(() => ranker.score([]), { code: "NATIVE_BUSY" });
  t.throws(() => ranker.dispose(), { code: "NATIVE_BUSY" });
  t.throws(() => model.dispose(), { code: "NATIVE_BUSY" });
  const aborted = await t.throwsAsync(running, { code: "ABORTED" });
  t.is(aborted.cause, "enough");
  t.true(heard > 0 && heard < texts.length);
  const told = [];
  const after = await ranker.score(texts.slice(0, 3), { onDone: (done) => told.push(done) });
  t.deepEqual(told, [1, 2, 3]);
  const fresh = model.createRanker({ contextSize: 32 });
  t.true(sameBits(after.rows, (await fresh.score(texts.slice(0, 3))).rows));
  fresh.dispose();
  ranker.dispose();
  ranker.dispose();
  t.true(ranker.disposed);
  t.throws(() => ranker.score([]), { code: "NATIVE_DISPOSED" });
  model.dispose();
  t.throws(() => model.createRanker(), { code: "NATIVE_DISPOSED" });
});

test("scores that are not finite are an error, and the next text is not touched by them", async (t) => {
  for (const architecture of /** @type {const} */ (["bert", "qwen3"])) {
    const poison = 50;
    const path = tinyModel(`rank-not-finite-${architecture}`, {
      architecture,
      context: 64,
      head: "plain",
      weights: (name, values) => name === "token_embd.weight" && values.fill(Number.NaN, poison * 64, poison * 64 + 64),
    });
    const model = await loadModel(path);
    const ranker = model.createRanker();
    const good = Int32Array.of(20, 30, 40);
    const { rows } = await ranker.score([good]);
    const error = await t.throwsAsync(() => ranker.score([good, Int32Array.of(30, poison, 31)]), {
      code: "LOGITS_NOT_FINITE",
    });
    t.is(error.details.index, 1);
    t.true(sameBits((await ranker.score([good])).rows, rows));
    ranker.dispose();
    model.dispose();
  }
});
