import test from "ava";
import { loadModel } from "../load.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";

const requests = [0, 1, 2, 3, 4].map((i) => ({
  prompt: randomIds(30 + i, 4 + 9 * i),
  maxTokens: 6 + 5 * i,
  temperature: i % 2 ? 0.9 : 0,
  topP: i % 2 ? 0.95 : 1,
  repetitionPenalty: i === 2 ? 1.3 : 1,
  seed: i,
  capture: { topK: 4 },
}));

for (const type of ["f32", "f16", "q8_0", "q4_0"]) {
  test(`${type}: a generation is the same alone and among others, bit for bit`, async (t) => {
    const model = await loadModel(tinyModel(`generate-${type}`, { type }));
    const results = new Map();
    for (const sequences of [1, 2, 4, 6]) {
      const context = model.createContext({ ...small, sequences });
      const together = await context.generate(requests);
      const backwards = (await context.generate([...requests].reverse())).reverse();
      for (let i = 0; i < requests.length; i++) {
        context.clear();
        const [alone] = await context.generate([requests[i]]);
        for (const other of [together[i], backwards[i]]) {
          t.deepEqual(other.ids, alone.ids, `${sequences} sequences, request ${i}`);
          t.true(sameBits(other.captured.logprob, alone.captured.logprob));
          t.true(sameBits(other.captured.topLogprobs, alone.captured.topLogprobs));
        }
      }
      results.set(sequences, together);
      context.dispose();
    }
    // From two sequences on the number of sequences does not show either.
    for (const sequences of [4, 6]) {
      results.get(sequences).forEach((generation, i) => {
        t.true(sameBits(generation.captured.logprob, results.get(2)[i].captured.logprob), `${sequences}`);
      });
    }
    model.dispose();
  });
}

test("captured columns are the model's own distribution, before penalty and temperature", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext(small);
  const request = requests[2];
  const [generation] = await context.generate([request]);
  const tokens = Int32Array.from([...request.prompt, ...generation.ids]);
  const scored = await context.score({ tokens, from: request.prompt.length, topK: 4 });
  generation.captured.logprob.forEach((logprob, i) => {
    t.true(Math.abs(logprob - scored.logprob[i]) < 1e-4);
  });
  t.deepEqual(generation.captured.topIds, scored.topIds);
  t.is(generation.captured.topK, 4);
  context.dispose();
  model.dispose();
});

test("greedy with Hugging Face's repetition penalty, against plain JavaScript", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext(small);
  const v = model.vocabulary.size;
  const prompt = randomIds(3, 12);
  const penalty = 1.5;
  const [generation] = await context.generate([
    { prompt, maxTokens: 15, repetitionPenalty: penalty, capture: { topK: v } },
  ]);
  const seen = new Set(prompt);
  for (let i = 0; i < generation.ids.length; i++) {
    // Log-probabilities are logits up to a constant, and the penalty needs the logits themselves: it must at least never pick
    // a seen id over an unseen one with the same or a larger logit.
    const ids = generation.captured.topIds.subarray(i * v, i * v + v);
    const bestUnseen = ids.find((id) => !seen.has(id));
    const chosen = generation.ids[i];
    t.true(chosen === bestUnseen || (seen.has(chosen) && ids.indexOf(chosen) < ids.indexOf(bestUnseen)));
    seen.add(chosen);
  }
  const [plain] = await context.generate([{ prompt, maxTokens: 15, capture: { topK: 1 } }]);
  t.deepEqual([...plain.ids], [...plain.captured.topIds]);
  context.dispose();
  model.dispose();
});

test("a shared prefix is decoded once", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext({ ...small, sequences: 4 });
  const prefix = randomIds(9, 100);
  const shared = [0, 1, 2, 3, 4, 5].map((i) => ({
    prompt: Int32Array.from([...prefix, 10 + i, 20 + i]),
    prefixLength: 100,
    maxTokens: 5,
  }));
  const generations = await context.generate(shared);
  t.is(generations[0].reusedTokens, 0);
  t.true(generations.slice(1).every((generation) => generation.reusedTokens >= 100));
  context.clear();
  const [alone] = await context.generate([shared[5]]);
  t.is(alone.reusedTokens, 0);
  t.deepEqual(alone.ids, generations[5].ids);
  context.dispose();
  model.dispose();
});

test("stop strings end at the byte; ids that carry them do not belong to the answer", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext(small);
  const prompt = randomIds(5, 10);
  const [whole] = await context.generate([{ prompt, maxTokens: 40 }]);
  t.is(whole.finishReason, "length");
  t.is(whole.raw, whole.text);
  t.is(whole.answerLength, whole.ids.length);
  const pieces = [...whole.ids].map((id) => Buffer.from(model.tokenBytes(id)));
  // Two adjacent pieces of plain text, so that the stop spans tokens.
  const at = pieces.findIndex(
    (piece, i) => i > 1 && i + 1 < pieces.length && /^[\x21-\x7e]+$/.test(`${piece}${pieces[i + 1]}`),
  );
  t.true(at > 0);
  const stop = `${pieces[at]}${pieces[at + 1]}`;
  const [stopped] = await context.generate([{ prompt, maxTokens: 40, stop: [`${stop} never`, stop] }]);
  t.is(stopped.finishReason, "stop");
  t.is(stopped.stop, stop);
  t.true(stopped.raw.includes(stop));
  t.false(stopped.text.includes(stop));
  t.true(stopped.raw.startsWith(stopped.text));
  t.true(stopped.answerLength < stopped.ids.length);
  t.deepEqual(stopped.ids, whole.ids.slice(0, stopped.ids.length));
  context.dispose();
  model.dispose();
});

test("an ending id counts; text leaves it out", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext(small);
  const prompt = randomIds(5, 10);
  const [whole] = await context.generate([{ prompt, maxTokens: 10 }]);
  const last = whole.ids[5];
  const [ended] = await context.generate([{ prompt, maxTokens: 10, stopIds: [last] }]);
  t.is(ended.finishReason, "eos");
  t.is(ended.ids.at(-1), last);
  t.is(ended.answerLength, ended.ids.length);
  t.is(ended.raw, model.decode(ended.ids.slice(0, -1), { special: true }));
  context.dispose();
  model.dispose();
});

test("callbacks come in order, before the promise", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext({ ...small, sequences: 3 });
  const tokens = new Map();
  const done = [];
  const generations = await context.generate(requests, {
    onToken: (index, id) => tokens.set(index, [...(tokens.get(index) ?? []), id]),
    onDone: (index, generation) => done.push([index, generation]),
  });
  t.is(done.length, requests.length);
  for (const [index, generation] of done) t.deepEqual(generation.ids, generations[index].ids);
  generations.forEach((generation, i) => {
    t.deepEqual(tokens.get(i), [...generation.ids]);
  });
  t.deepEqual(await context.generate([]), []);
  context.dispose();
  model.dispose();
});

test("limits, aborts and wrong arguments", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext(small);
  const prompt = randomIds(5, 250);
  const [full] = await context.generate([{ prompt, maxTokens: 100 }]);
  if (full.finishReason === "context") t.is(full.ids.length, 6);
  await t.throwsAsync(() => context.generate([{ prompt: randomIds(5, 256), maxTokens: 1 }]), {
    code: "CONTEXT_TOO_SMALL",
  });
  t.throws(() => context.generate([{ prompt, maxTokens: 0 }]), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /requests\[0\]\.maxTokens/,
  });
  t.throws(() => context.generate([{ prompt, maxTokens: 1, stop: [""] }]), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => context.generate([{ prompt, maxTokens: 1, topp: 0.9 }]), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /topp/,
  });
  t.throws(() => context.generate({}), { code: "NATIVE_INVALID_ARGUMENT" });
  const controller = new AbortController();
  const running = context.generate([{ prompt: randomIds(5, 5), maxTokens: 200, temperature: 1 }], {
    signal: controller.signal,
    onToken: () => controller.abort("enough"),
  });
  t.throws(() => context.generate([]), { code: "NATIVE_BUSY" });
  const error = await running.then(
    () => null,
    (reason) => reason,
  );
  if (error) {
    t.is(error.code, "ABORTED");
    t.is(error.cause, "enough");
  }
  t.is((await context.generate([{ prompt: randomIds(5, 5), maxTokens: 3 }])).length, 1);
  context.dispose();
  model.dispose();
});

test("fast numerics", async (t) => {
  const model = await loadModel(tinyModel("generate-f32", { type: "f32" }));
  const context = model.createContext({ ...small, sequences: 3, numerics: "fast" });
  t.is(context.numerics, "fast");
  const generations = await context.generate(requests);
  t.true(generations.every((generation) => generation.ids.length > 0));
  context.dispose();
  model.dispose();
});
