import process from "node:process";
import test from "ava";
import { loadModel } from "../load.mjs";
import { afterText, gbnf, mayEnd, randomTree } from "./support/derivative.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";
import { tinyTokens } from "./support/tiny-gguf.mjs";

const random = (seed) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Trees with their rules and a prompt each. */
const cases = Array.from({ length: 40 }, (_, i) => {
  // A few that allow most of what the model would say.
  const tree = i % 4 ? randomTree(random(i + 1)) : { many: { set: `abcdefghijklmnopqrstuvwxyz 0123456789${i}` } };
  return { tree, prompt: randomIds(50 + i, 5 + (i % 7)), grammar: `root ::= ${gbnf(tree)}` };
});

const open = async () => {
  const model = await loadModel(tinyModel("grammar-f32", { type: "f32" }));
  return { model, eos: model.vocabulary.eos };
};

/** Bytes of an id as a text of them, or null for what is no text. */
function textOf(model, id) {
  const kind = model.tokenKind(id);
  return kind === "control" || kind === "unknown" ? null : Buffer.from(model.tokenBytes(id)).toString("latin1");
}

/** The tree behind `id`, null where the id is not allowed. */
function step(model, tree, id) {
  const text = textOf(model, id);
  return text === null || text === "" || /[^\x01-\x7f]/.test(text) ? null : afterText(tree, text);
}

test("greedy: each id is the best of those that a mask made by hand allows", async (t) => {
  const { model, eos } = await open();
  const context = model.createContext({ ...small, sequences: 4 });
  const v = model.vocabulary.size;
  const requests = cases.map(({ prompt, grammar }) => ({ prompt, grammar, maxTokens: 12, capture: { topK: v } }));
  const generations = await context.generate(requests);
  let checked = 0;
  let refused = 0;
  for (const [index, { ids, captured, finishReason }] of generations.entries()) {
    let { tree } = cases[index];
    for (const [i, id] of ids.entries()) {
      const ranked = captured.topIds.subarray(i * v, i * v + v);
      const best = ranked.find((other) => (other === eos ? mayEnd(tree) : step(model, tree, other) !== null));
      t.is(id, best, `${cases[index].grammar}, id ${i}`);
      if (best !== ranked[0]) refused++;
      if (id !== eos) tree = step(model, tree, id);
      checked++;
    }
    t.is(finishReason === "eos", ids.at(-1) === eos);
  }
  t.true(
    checked > 150 && refused > 50 && checked - refused > 20,
    `${checked} ids, ${refused} of them not the model's own`,
  );
  context.dispose();
  model.dispose();
});

test("drawn ids are of the grammar; alone, among others and backwards the same, bit for bit", async (t) => {
  const { model, eos } = await open();
  const context = model.createContext({ ...small, sequences: 4 });
  const requests = cases.map(({ prompt, grammar }, seed) => ({
    prompt,
    grammar,
    maxTokens: 15,
    temperature: 1.3,
    topP: seed % 2 ? 0.9 : 1,
    topK: seed % 3 ? 0 : 30,
    repetitionPenalty: seed % 4 ? 1 : 1.2,
    seed,
    capture: { topK: 3 },
  }));
  const together = await context.generate(requests);
  const backwards = (await context.generate([...requests].reverse())).reverse();
  for (const [index, generation] of together.entries()) {
    let { tree } = cases[index];
    for (const id of generation.ids) {
      if (id === eos) t.true(mayEnd(tree));
      else tree = step(model, tree, id);
      t.truthy(tree);
    }
    const [alone] = await context.generate([requests[index]]);
    for (const other of [backwards[index], alone]) {
      t.deepEqual(other.ids, generation.ids);
      t.true(sameBits(other.captured.topLogprobs, generation.captured.topLogprobs));
    }
  }
  context.dispose();
  model.dispose();
});

test("captured columns are the model's own, not the grammar's", async (t) => {
  const { model } = await open();
  const context = model.createContext(small);
  const { prompt } = cases[0];
  const [generation] = await context.generate([
    { prompt, grammar: 'root ::= "the " [0-9]{8}', maxTokens: 20, capture: { topK: 4 } },
  ]);
  const tokens = Int32Array.from([...prompt, ...generation.ids]);
  const scored = await context.score({ tokens, from: prompt.length, topK: 4 });
  t.deepEqual(generation.captured.topIds, scored.topIds);
  t.deepEqual(generation.captured.rank, scored.rank);
  t.true(generation.captured.rank.some((rank) => rank > 1));
  for (const [i, logprob] of generation.captured.logprob.entries())
    t.true(Math.abs(logprob - scored.logprob[i]) < 1e-4);
  t.regex(generation.text, /^the \d{8}$/);
  t.is(generation.finishReason, "eos");
  context.dispose();
  model.dispose();
});

test("stop strings and further ending ids under a grammar", async (t) => {
  const { model, eos } = await open();
  const context = model.createContext(small);
  const { prompt } = cases[1];
  const request = { prompt, grammar: 'root ::= "abcdef" | "abcdefgh"', maxTokens: 20 };
  const [stopped] = await context.generate([{ ...request, stop: ["cd"] }]);
  t.is(stopped.finishReason, "stop");
  t.is(stopped.text, "ab");
  const [whole] = await context.generate([{ ...request, grammar: 'root ::= "abcdef"' }]);
  t.is(whole.raw, "abcdef");
  t.is(whole.ids.at(-1), eos);
  // An id that ends a generation is no text: only at the end, though the grammar wants its letter.
  const a = model.encode("xa").at(-1);
  const [ended] = await context.generate([{ ...request, grammar: 'root ::= "aaa"', stopIds: [a] }]);
  t.is(ended.raw, "aaa");
  t.is(ended.finishReason, "eos");
  t.false(ended.ids.slice(0, -1).includes(a));
  context.dispose();
  model.dispose();
});

test("text is well-formed UTF-8 and holds no control token", async (t) => {
  const { model, eos } = await open();
  const context = model.createContext({ ...small, sequences: 8 });
  const requests = Array.from({ length: 48 }, (_, seed) => ({
    prompt: Int32Array.of(1, 30 + seed),
    grammar: "root ::= [^a-y]{12,30}",
    maxTokens: 120,
    temperature: 4,
    seed,
  }));
  const strict = new TextDecoder("utf-8", { fatal: true });
  let wide = 0;
  for (const { ids, finishReason } of await context.generate(requests)) {
    t.is(finishReason, "eos");
    const bytes = Buffer.concat([...ids].slice(0, -1).map((id) => Buffer.from(model.tokenBytes(id))));
    const length = [...strict.decode(bytes)].length;
    t.true(length >= 12 && length <= 30);
    wide += bytes.length > length ? 1 : 0;
    for (const id of ids.slice(0, -1)) t.not(model.tokenKind(id), "control");
    t.is(ids.at(-1), eos);
  }
  t.true(wide > 10, "characters of several bytes among them");
  context.dispose();
  model.dispose();
});

test("rules that llama.cpp does not take are told before anything is generated", async (t) => {
  const { model } = await open();
  const context = model.createContext(small);
  const { prompt } = cases[0];
  for (const grammar of [
    "root = 1",
    'root ::= "a" other',
    'root ::= root "a" | "b"',
    'start ::= "a"',
    'root ::= "a\0"',
  ]) {
    let ids = 0;
    const good = { prompt, maxTokens: 3 };
    await t.throwsAsync(
      () => context.generate([good, { ...good, grammar }], { onToken: () => ids++ }),
      { code: "GRAMMAR_UNSUPPORTED" },
      grammar,
    );
    t.is(ids, 0);
  }
  const recursive = await t.throwsAsync(() =>
    context.generate([{ prompt, maxTokens: 3, grammar: 'root ::= root "a" | "b"' }]),
  );
  t.regex(recursive.message, /left recursion/);
  t.throws(() => context.generate([{ prompt, maxTokens: 1, grammar: "" }]), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /requests\[0\]\.grammar/,
  });
  t.throws(() => context.generate([{ prompt, maxTokens: 1, grammar: 1 }]), { code: "NATIVE_INVALID_ARGUMENT" });
  context.dispose();
  model.dispose();
});

test("a text that the vocabulary cannot spell ends with a coded error that says where", async (t) => {
  // Three letters and nothing else.
  const tokens = [...tinyTokens().slice(0, 3), ...["a", "b", "c"].map((text) => ({ text, type: 1, score: -1 }))];
  const model = await loadModel(tinyModel("grammar-letters", { type: "f32", tokens }));
  const context = model.createContext({ ...small, sequences: 2 });
  const request = { prompt: Int32Array.of(1, 3), maxTokens: 9 };
  const error = await t.throwsAsync(
    () =>
      context.generate([
        { ...request, grammar: 'root ::= "ab" "c"{3}' },
        { ...request, grammar: 'root ::= "cabdc"' },
      ]),
    { code: "GRAMMAR_UNSUPPORTED", message: /requests\[1\]: behind "cab" \(3 ids\)/ },
  );
  t.deepEqual(error.details, { index: 1, ids: 3, text: "cab" });
  t.is((await context.generate([{ ...request, grammar: 'root ::= "cab"' }]))[0].raw, "cab");
  await t.throwsAsync(() => context.generate([{ ...request, temperature: 1, grammar: 'root ::= "d"' }]), {
    code: "GRAMMAR_UNSUPPORTED",
  });
  context.dispose();
  model.dispose();
});

test("aborts under a grammar; what a grammar held is given back", async (t) => {
  const { model } = await open();
  const context = model.createContext({ ...small, sequences: 4 });
  const prompt = randomIds(5, 5);
  const endless = { prompt, maxTokens: 240, temperature: 1, grammar: "root ::= [a-z]*  [0]" };
  const controller = new AbortController();
  await t.throwsAsync(
    () =>
      context.generate(
        Array.from({ length: 8 }, (_, seed) => ({ ...endless, seed })),
        { signal: controller.signal, onToken: () => controller.abort() },
      ),
    { code: "ABORTED" },
  );
  const heavy = Array.from({ length: 100 }, () => ({ prompt, maxTokens: 1, grammar: "root ::= [a-z]{0,1999} [0]" }));
  const run = async () => {
    await context.generate(heavy);
    globalThis.gc?.();
    return process.memoryUsage().rss / 2 ** 20;
  };
  await run();
  const before = await run();
  for (let i = 0; i < 9; i++) await run();
  // Each holds 2,000 rules, some 110 KiB: a thousand of them kept would be more than a hundred MiB.
  t.true((await run()) - before < 40);
  context.dispose();
  model.dispose();
});
