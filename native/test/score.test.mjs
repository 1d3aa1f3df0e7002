import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { comparePair, loadModel } from "../load.mjs";
import { folder, randomIds, sameBits, small, tinyModel } from "./support/models.mjs";
import { tinyTokens } from "./support/tiny-gguf.mjs";
import { widen } from "./support/widen.mjs";

const join = (...parts) => Int32Array.from(parts.flatMap((part) => [...part]));

function sameColumns(a, b) {
  return ["logprob", "rank", "entropy", "topIds", "topLogprobs"].every((name) => sameBits(a[name], b[name]));
}

for (const type of ["f32", "f16", "q8_0", "q4_0"]) {
  test(`${type}: order and reuse of memory change no bit`, async (t) => {
    const model = await loadModel(tinyModel(`score-${type}`, { type }));
    const fresh = model.createContext(small);
    const used = model.createContext(small);
    const prefix = randomIds(1, 40);
    const items = [0, 1, 2, 3].map((i) => ({
      tokens: join(prefix, randomIds(20 + i, 30 + 13 * i)),
      from: 50,
      prefixLength: 40,
    }));
    const alone = [];
    for (const item of items) {
      fresh.clear();
      alone.push(await fresh.score(item));
    }
    t.true(alone.every((columns) => columns.reusedTokens === 0));
    for (const i of [2, 0, 3, 1, 1, 2]) {
      const columns = await used.score(items[i]);
      t.true(sameColumns(columns, alone[i]), `item ${i}`);
      t.is(columns.reusedTokens + columns.decodedTokens, items[i].tokens.length - 1);
      t.is(columns.logprob.length, items[i].tokens.length - 50);
    }
    t.true((await used.score(items[0])).reusedTokens >= 40);
    fresh.dispose();
    used.dispose();
    model.dispose();
  });
}

test("a model against itself: exactly nothing, and both sides rank alike", async (t) => {
  const model = await loadModel(tinyModel("score-f32", { type: "f32" }));
  const [a, b] = [model.createContext(small), model.createContext(small)];
  const prompt = randomIds(3, 30);
  const answer = randomIds(4, 60);
  const self = await comparePair(a, b, { referencePrompt: prompt, subjectPrompt: prompt, answer });
  for (const name of ["klReferenceSubject", "klSubjectReference", "js", "tv"])
    t.true(
      self[name].every((x) => Object.is(x, 0)),
      name,
    );
  t.true(sameColumns(self.reference, self.subject));
  t.is(self.referenceDroppedMass, null);
  // Greedy continuations are the first choice of the model that wrote them.
  const [written] = await a.generate([{ prompt, maxTokens: 30 }]);
  const again = await comparePair(a, b, { referencePrompt: prompt, subjectPrompt: prompt, answer: written.ids });
  t.true(again.reference.rank.every((rank) => rank === 1));
  a.dispose();
  b.dispose();
  model.dispose();
});

test("exchanging reference and subject exchanges the columns bit for bit; score gives the same columns", async (t) => {
  const one = await loadModel(tinyModel("score-f32", { type: "f32" }));
  const two = await loadModel(tinyModel("score-other", { seed: 5 }));
  const [a, b] = [one.createContext(small), two.createContext(small)];
  const [left, right] = [randomIds(5, 33), randomIds(6, 7)];
  const answer = randomIds(7, 45);
  const there = await comparePair(a, b, { referencePrompt: left, subjectPrompt: right, answer, topK: 7 });
  const back = await comparePair(b, a, { referencePrompt: right, subjectPrompt: left, answer, topK: 7 });
  t.true(sameBits(there.klReferenceSubject, back.klSubjectReference));
  t.true(sameBits(there.klSubjectReference, back.klReferenceSubject));
  t.true(sameBits(there.js, back.js));
  t.true(sameBits(there.tv, back.tv));
  t.true(sameColumns(there.reference, back.subject));
  t.true(sameColumns(await a.score({ tokens: join(left, answer), from: left.length, topK: 7 }), there.reference));
  t.true(there.js.every((x) => x > 0 && x <= Math.LN2));
  t.true(there.tv.every((x) => x > 0 && x <= 1));
  for (const context of [a, b]) context.dispose();
  for (const model of [one, two]) model.dispose();
});

test("columns agree with all logits of the same model: probabilities over the whole vocabulary", async (t) => {
  const model = await loadModel(tinyModel("score-f32", { type: "f32" }));
  const context = model.createContext(small);
  const v = model.vocabulary.size;
  const columns = await context.score({ tokens: randomIds(8, 40), from: 10, topK: v });
  t.is(columns.topK, v);
  const tokens = randomIds(8, 40);
  for (let i = 0; i < 30; i++) {
    const ids = columns.topIds.subarray(i * v, i * v + v);
    const logprobs = columns.topLogprobs.subarray(i * v, i * v + v);
    t.is(new Set(ids).size, v);
    t.true(Math.abs(logprobs.reduce((sum, l) => sum + Math.exp(l), 0) - 1) < 1e-9);
    t.true(Math.abs(columns.entropy[i] + logprobs.reduce((sum, l) => sum + Math.exp(l) * l, 0)) < 1e-9);
    const at = ids.indexOf(tokens[10 + i]);
    t.true(Math.abs(columns.logprob[i] - logprobs[at]) < 1e-12);
    t.is(columns.rank[i], 1 + logprobs.filter((l) => l > logprobs[at]).length);
  }
  context.dispose();
  model.dispose();
});

test("extended vocabularies only on request", async (t) => {
  const base = await loadModel(tinyModel("score-f32", { type: "f32" }));
  const wider = await loadModel(tinyModel("score-wider", { seed: 3, tokens: tinyTokens({ extra: 5 }) }));
  const [a, b] = [base.createContext(small), wider.createContext(small)];
  const request = { referencePrompt: randomIds(1, 9), subjectPrompt: randomIds(1, 9), answer: randomIds(2, 12) };
  const refusal = await t.throwsAsync(() => comparePair(a, b, request), { code: "VOCABULARY_MISMATCH" });
  t.is(refusal.details.relation, "subject-extends");
  t.not(refusal.details.referenceHash, refusal.details.subjectHash);
  const columns = await comparePair(a, b, { ...request, allowExtendedVocabulary: true });
  t.true(columns.referenceDroppedMass.every((x) => x === 0));
  t.true(columns.subjectDroppedMass.every((x) => x > 0 && x < 1));
  const outside = Int32Array.of(5, base.vocabulary.size);
  await t.throwsAsync(() => comparePair(a, b, { ...request, answer: outside, allowExtendedVocabulary: true }), {
    code: "VOCABULARY_MISMATCH",
  });
  // An added end of turn is the usual case: it stands last, so the other model need not be forced past it.
  const ending = await comparePair(b, a, { ...request, answer: outside, allowExtendedVocabulary: true });
  t.is(ending.subject.logprob[1], -Infinity);
  t.is(ending.subject.rank[1], base.vocabulary.size + 1);
  t.true(Number.isFinite(ending.reference.logprob[1]) && Number.isFinite(ending.klReferenceSubject[1]));
  const inside = Int32Array.of(base.vocabulary.size, 5);
  await t.throwsAsync(() => comparePair(b, a, { ...request, answer: inside, allowExtendedVocabulary: true }), {
    code: "VOCABULARY_MISMATCH",
    message: /forced past/,
  });
  for (const context of [a, b]) context.dispose();
  for (const model of [base, wider]) model.dispose();
});

test("faults have codes and leave the context usable", async (t) => {
  const model = await loadModel(tinyModel("score-f32", { type: "f32" }));
  const context = model.createContext(small);
  const tokens = randomIds(1, 30);
  t.throws(() => context.score({ tokens, from: 0 }), { code: "NATIVE_INVALID_ARGUMENT", message: /from/ });
  t.throws(() => context.score({ tokens, from: 30 }), { code: "NATIVE_INVALID_ARGUMENT", message: /from/ });
  t.throws(() => context.score({ tokens: [1, 2], from: 1 }), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /Int32Array/,
  });
  await t.throwsAsync(() => context.score({ tokens: Int32Array.of(3, -1), from: 1 }), {
    code: "NATIVE_INVALID_ARGUMENT",
  });
  await t.throwsAsync(() => context.score({ tokens: randomIds(1, 257), from: 1 }), { code: "CONTEXT_TOO_SMALL" });
  t.throws(() => comparePair(context, context, { referencePrompt: tokens, subjectPrompt: tokens, answer: tokens }), {
    code: "NATIVE_INVALID_ARGUMENT",
  });
  const running = context.score({ tokens, from: 1 });
  t.throws(() => context.score({ tokens, from: 1 }), { code: "NATIVE_BUSY" });
  t.throws(() => context.dispose(), { code: "NATIVE_BUSY" });
  const first = await running;
  const controller = new AbortController();
  const aborted = context.score({ tokens: randomIds(2, 250), from: 1 }, { signal: controller.signal });
  controller.abort();
  const error = await aborted.then(
    () => null,
    (reason) => reason,
  );
  if (error) t.is(error.code, "ABORTED");
  t.true(sameColumns(await context.score({ tokens, from: 1 }), first));
  context.dispose();
  model.dispose();
});

test("logits that are not finite are an error that names the position", async (t) => {
  const path = tinyModel("not-finite", {
    weights: (name, values) => name === "output.weight" && values.fill(Number.NaN, 0, 64),
  });
  const model = await loadModel(path);
  const context = model.createContext(small);
  const error = await t.throwsAsync(() => context.score({ tokens: randomIds(1, 10), from: 2 }), {
    code: "LOGITS_NOT_FINITE",
  });
  t.is(error.details.position, 0);
  await t.throwsAsync(() => context.generate([{ prompt: randomIds(1, 10), maxTokens: 3 }]), {
    code: "LOGITS_NOT_FINITE",
  });
  context.dispose();
  model.dispose();
});

const fixture = fileURLToPath(
  new URL("../../packages/tiny-models/test/fixtures/reference-logits.json", import.meta.url),
);
const tiny = (name) => fileURLToPath(new URL(`../../packages/tiny-models/tiny-${name}.gguf`, import.meta.url));

test("agreement with a float64 pass of another implementation over the project's tiny models", async (t) => {
  if (!existsSync(fixture) || !existsSync(tiny("base")) || !existsSync(tiny("aligned"))) return t.pass("not there yet");
  const truth = JSON.parse(readFileSync(fixture, "utf8"));
  const models = {};
  for (const name of ["base", "aligned"]) {
    const shipped = await loadModel(tiny(name), { vocabOnly: true });
    const hash = await shipped.fileHash();
    shipped.dispose();
    if (hash !== truth.sha256[name]) return t.fail(`the fixture was made from another tiny-${name}.gguf`);
    // The truth takes the weights as they are; ggml would round activations to half precision beside F16 weights.
    widen(tiny(name), `${folder}/${name}-f32.gguf`);
    models[name] = await loadModel(`${folder}/${name}-f32.gguf`);
  }
  const contexts = {
    base: models.base.createContext({ threads: 1 }),
    aligned: models.aligned.createContext({ threads: 1 }),
  };
  const near = (got, want, what) => t.true(Math.abs(got - want) < 3e-4, `${what}: ${got} against ${want}`);
  for (const { name, ids, models: expected, kl_base_aligned, kl_aligned_base } of truth.sequences) {
    if (ids.length < 2) continue;
    const tokens = Int32Array.from(ids);
    for (const side of ["base", "aligned"]) {
      const columns = await contexts[side].score({ tokens, from: 1 });
      for (let i = 0; i < columns.logprob.length; i++) {
        near(columns.logprob[i], expected[side].next_logprob[i], `${name} ${side} logprob ${i}`);
        near(columns.entropy[i], expected[side].entropy[i], `${name} ${side} entropy ${i}`);
        // Two ids closer than the tolerance may change places.
        t.true(
          Math.abs(columns.rank[i] - expected[side].next_rank[i]) <= 1 + expected[side].next_rank[i] / 100,
          `${name} ${side} rank ${i}`,
        );
        expected[side].top_logprobs[i].slice(0, 10).forEach((logprob, k) => {
          near(columns.topLogprobs[i * 10 + k], logprob, `${name} ${side} top ${i},${k}`);
        });
      }
    }
    const pair = await comparePair(contexts.base, contexts.aligned, {
      referencePrompt: tokens.slice(0, 1),
      subjectPrompt: tokens.slice(0, 1),
      answer: tokens.slice(1),
    });
    pair.klReferenceSubject.forEach((kl, i) => {
      near(kl, kl_base_aligned[i], `${name} KL ${i}`);
    });
    pair.klSubjectReference.forEach((kl, i) => {
      near(kl, kl_aligned_base[i], `${name} reverse KL ${i}`);
    });
  }
  for (const side of ["base", "aligned"]) {
    contexts[side].dispose();
    models[side].dispose();
  }
});
