import test from "ava";
import { createFakeEngine } from "../src/index.js";
import { answersOf, openFake, prompt, timeless } from "./open-fake.js";

const questions = [
  "What is the capital of France?",
  "Name a river.",
  "",
  "Where is the whale?",
  "Is gold a metal?",
].map((text) => prompt(text));

test("the same prompt gets the same answer: alone, among others, in another order, from another engine", async (t) => {
  const model = await openFake(createFakeEngine(), "base", { sequences: 3 });
  const together = (await answersOf(model, questions)).map(timeless);
  const reversed = (await answersOf(model, questions.toReversed())).map(timeless).toReversed();
  const other = await openFake(createFakeEngine(), "base");
  const alone = await Promise.all(questions.map(async (one) => (await answersOf(other, [one])).map(timeless)[0]));
  t.deepEqual(reversed, together);
  t.deepEqual(alone, together);
});

test("an answer is the greedy path of the distribution and ends with its end token", async (t) => {
  const engine = createFakeEngine();
  const model = await openFake(engine, "base");
  const ended = (await answersOf(model, questions, { maxTokens: 400 })).filter(
    (answer) => answer.finishReason === "eos",
  );
  t.true(ended.length > 0);
  for (const answer of ended) {
    t.true(model.token(answer.ids.at(-1) ?? -1).special);
    t.is(answer.text, model.vocabulary.decode(answer.ids.slice(0, -1)));
  }
  const [first] = questions;
  const [answer] = await answersOf(model, questions.slice(0, 1));
  if (first === undefined || answer === undefined) return t.fail();
  const encoded = model.encode(first);
  const columns = await engine.compare(
    model,
    model,
    { referencePrompt: encoded, subjectPrompt: encoded, answerIds: Int32Array.from(answer.ids), topK: 3 },
    { signal: new AbortController().signal },
  );
  t.true(
    columns.referenceRank.every((rank) => rank === 1),
    "every greedy token has rank 1",
  );
});

test("maxTokens and a full context end an answer and say so", async (t) => {
  const engine = createFakeEngine({ models: { small: { contextSize: 12 } } });
  const [long] = await answersOf(await openFake(engine, "base"), questions, { maxTokens: 2 });
  t.is(long?.finishReason, "length");
  t.is(long?.ids.length, 2);
  const small = await openFake(engine, "small");
  const answers = await answersOf(small, [prompt("a"), prompt("b"), prompt("c")], { maxTokens: 100 });
  t.true(answers.some((answer) => answer.finishReason === "context"));
  const encoded = small.encode(prompt("a very long question ".repeat(4)));
  await t.throwsAsync(answersOf(small, [encoded.prompt]), { code: "CONTEXT_TOO_SMALL" });
});

test("a stop text ends the answer before it, also where it spans tokens", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const [free] = await answersOf(model, [prompt("Name a river.")], { maxTokens: 40 });
  if (free === undefined) return t.fail();
  // The last character of one id and the first of the next: no id spells it.
  const [first, second] = [model.token(free.ids[3] ?? -1).text, model.token(free.ids[4] ?? -1).text];
  const stop = first.slice(-1) + second.slice(0, 1);
  const [stopped] = await answersOf(model, [prompt("Name a river.", { stop: [stop] })], { maxTokens: 40 });
  t.is(stopped?.finishReason, "stop");
  t.is(stopped?.stop, stop);
  t.is(stopped?.text, free.raw.slice(0, free.raw.indexOf(stop)));
  t.true(free.raw.startsWith(stopped?.raw ?? "no"));
  t.true(
    (stopped?.text ?? "").startsWith(model.vocabulary.decode(stopped?.ids ?? [])),
    "ids hold no byte of the stop text",
  );
});

test("trimEnd is cut from an answer that ended by itself, with the ids that spell it", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const [free] = await answersOf(model, [prompt("Name a river.")], { maxTokens: 400 });
  if (free === undefined) return t.fail();
  const end = free.text.slice(-2);
  const [trimmed] = await answersOf(model, [prompt("Name a river.", { trimEnd: [end] })], { maxTokens: 400 });
  t.is(trimmed?.text, free.text.slice(0, -2));
  t.is(trimmed?.raw, free.raw);
  t.deepEqual(trimmed?.rawIds, free.rawIds);
  t.true((trimmed?.text ?? "").startsWith(model.vocabulary.decode(trimmed?.ids ?? [])));
});

test("sampling follows its seed; temperature, top-k and repetition penalty change what is said", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const say = async (decoding: Parameters<typeof answersOf>[2]) =>
    (await answersOf(model, questions, { maxTokens: 30, ...decoding })).map((answer) => answer.raw);
  const plain = await say({});
  const warm = await say({ temperature: 1.5, seed: 3 });
  t.deepEqual(await say({ temperature: 1.5, seed: 3 }), warm);
  t.notDeepEqual(await say({ temperature: 1.5, seed: 4 }), warm);
  t.notDeepEqual(warm, plain);
  t.deepEqual(await say({ temperature: 1.5, topK: 1 }), plain, "one candidate is the greedy one");
  t.deepEqual(await say({ temperature: 1.5, topP: 1e-9 }), plain);
  t.deepEqual(await say({ temperature: 1.5, minP: 1 }), plain);
  t.notDeepEqual(await say({ repetitionPenalty: 3 }), plain);
});

test("a signal interrupts, a marker fails, a closed model refuses: each with its code", async (t) => {
  const engine = createFakeEngine({
    failEncode: "ENCODE",
    failGenerate: "GENERATE",
    models: { lost: { openError: "MODEL_NOT_FOUND" } },
  });
  const model = await openFake(engine, "base");
  t.throws(() => model.encode(prompt("an ENCODE fault")), { code: "TOKENIZE_UNKNOWN_CHARACTER" });
  await t.throwsAsync(answersOf(model, [prompt("a GENERATE fault")]), { code: "DECODE_FAILED" });
  await t.throwsAsync(openFake(engine, "lost"), { code: "MODEL_NOT_FOUND" });

  const controller = new AbortController();
  const done: number[] = [];
  const items = questions.map((one) => ({
    prompt: model.encode(one),
    decoding: { maxTokens: 5, temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 1 },
  }));
  const interrupted = model.generate(items, {
    signal: controller.signal,
    onDone: (index) => {
      done.push(index);
      controller.abort();
    },
  });
  await t.throwsAsync(interrupted, { code: "ABORTED" });
  t.is(done.length, 1);

  await model.dispose();
  await model.dispose();
  t.deepEqual(engine.calls.disposed, ["base"]);
  t.throws(() => model.encode(prompt("x")), { code: "NATIVE_DISPOSED" });
});
