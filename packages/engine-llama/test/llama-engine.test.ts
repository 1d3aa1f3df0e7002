import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, type Prompt } from "@unshift/contracts";
import type { Engine, OpenModel } from "@unshift/contracts/services";
import { builtinModels } from "@unshift/tiny-models";
import test from "ava";
import { createLlamaEngine } from "../src/index.js";
import { open, plain, request, signal, temporaryFolder } from "./open-tiny.js";

const fenced = (question: string) =>
  plain(`# Query:\n\`\`\`\n${question}\n\`\`\`\n\n# Answer:\n\`\`\`\n`, { stop: ["\n```\n"], trimEnd: ["\n```"] });
const greedy = { maxTokens: 48, temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 };

async function answerOf(model: OpenModel, prompt: Prompt) {
  const answers: { ids: readonly number[]; text: string; finishReason: string }[] = [];
  const encoded = model.encode(prompt);
  await model.generate([{ prompt: encoded, decoding: greedy }], {
    signal,
    onDone: (_, answer) => answers.push(answer),
  });
  const [answer] = answers;
  if (answer === undefined) {
    throw new Error("no answer");
  }
  return { encoded, answer };
}

async function compare(
  engine: Engine,
  reference: OpenModel,
  subject: OpenModel,
  prompts: [Prompt, Prompt],
  ids: readonly number[],
) {
  const [referencePrompt, subjectPrompt] = [reference.encode(prompts[0]), subject.encode(prompts[1])];
  return engine.compare(
    reference,
    subject,
    { referencePrompt, subjectPrompt, answerIds: Int32Array.from(ids), topK: 5 },
    { signal },
  );
}

test("identity says what the model is", async (t) => {
  const { base, aligned, engine } = await open(t);
  t.regex(base.identity.fileHash, /^[0-9a-f]{64}$/);
  t.not(base.identity.fileHash, aligned.identity.fileHash);
  t.is(base.identity.vocabularyHash, aligned.identity.vocabularyHash);
  t.is(base.identity.architecture, "llama");
  t.is(base.view.chatTemplate, null);
  t.not(aligned.view.chatTemplate, null);
  t.is(engine.matchVocabulary(aligned, base).relation, "identical");
});

test("a prompt begins with one BOS, also where its text spells it", async (t) => {
  const { base } = await open(t);
  const bos = base.view.bosText ?? "";
  const once = base.encode(plain("Hello"));
  t.is(base.token(once.ids[0] ?? -1).text, bos);
  t.true(base.token(once.ids[0] ?? -1).special);
  const spelled = base.encode(plain(`${bos}Hello`, { parseSpecial: true }));
  t.deepEqual(spelled.ids, once.ids);
  const never = base.encode(plain("Hello", { bos: "never" }));
  t.deepEqual(never.ids, once.ids.slice(1));
  const literal = base.encode(plain(`${bos}Hello`));
  t.true(literal.ids.length > once.ids.length, "without parseSpecial a spelled BOS is text");
});

test("the static prefix is found in ids and does not change them", async (t) => {
  const { base } = await open(t);
  const shared = "You are kind.\n\n# Query:\n```\n";
  for (const question of ["What is iron?", "\nodd start", " space", ""]) {
    const text = `${shared}${question}\n`;
    const cut = base.encode(plain(text, { staticChars: shared.length }));
    t.deepEqual(cut.ids, base.encode(plain(text)).ids);
    t.true(cut.prefixLength > 5 && cut.prefixLength < cut.ids.length);
  }
});

test("a model against itself: KL 0, rank 1 under greedy, bit-exactly", async (t) => {
  const { engine, base } = await open(t);
  const prompt = fenced("What is the capital of France?");
  const { answer } = await answerOf(base, prompt);
  const columns = await compare(engine, base, base, [prompt, prompt], answer.ids);
  t.true(columns.klReferenceSubject.every((kl) => kl === 0));
  t.true(columns.klSubjectReference.every((kl) => kl === 0));
  t.true(columns.subjectRank.every((rank) => rank === 1));
  t.deepEqual(columns.referenceLogprob, columns.subjectLogprob);
});

test("swapping reference and subject swaps the columns bit-exactly", async (t) => {
  const { engine, base, aligned } = await open(t);
  const prompts: [Prompt, Prompt] = [plain("Tell me about iron.\n"), fenced("Tell me about iron.")];
  const { answer } = await answerOf(aligned, prompts[0]);
  const forward = await compare(engine, aligned, base, prompts, answer.ids);
  const backward = await compare(engine, base, aligned, [prompts[1], prompts[0]], answer.ids);
  t.deepEqual(backward.klReferenceSubject, forward.klSubjectReference);
  t.deepEqual(backward.klSubjectReference, forward.klReferenceSubject);
  t.deepEqual(backward.js, forward.js);
  t.deepEqual(backward.tv, forward.tv);
  t.deepEqual(backward.subjectRank, forward.referenceRank);
  t.deepEqual(backward.referenceTopIds, forward.subjectTopIds);
  t.true(forward.klReferenceSubject.some((kl) => kl > 0));
});

test("an item's columns do not depend on what was compared before", async (t) => {
  const { engine, base, aligned } = await open(t);
  const prefix = "A list of questions and answers follows.\n\n";
  const items = ["What is gold?", "Name a planet.", "Who invented the telephone?"].map((question) => {
    const prompt = plain(`${prefix}# Query:\n${question}\n`, { staticChars: prefix.length });
    return { prompt, ids: Array.from(base.encode(plain(` ${question} Yes, indeed.`, { bos: "never" })).ids) };
  });
  const alone = [];
  for (const { prompt, ids } of items) {
    const fresh = await open(t);
    alone.push(await compare(fresh.engine, fresh.aligned, fresh.base, [prompt, prompt], ids));
  }
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 1, 0, 2],
  ]) {
    for (const index of order) {
      const item = items[index];
      if (item === undefined) {
        throw new Error("no item");
      }
      t.deepEqual(await compare(engine, aligned, base, [item.prompt, item.prompt], item.ids), alone[index]);
    }
  }
});

test("greedy answers do not depend on how many are generated together", async (t) => {
  const { base } = await open(t);
  const prompts = [
    "What is gold?",
    "Name a planet.",
    "Who invented the telephone?",
    "Where do lions live?",
    "Tell me about tin.",
  ].map(fenced);
  const alone = [];
  for (const prompt of prompts) {
    alone.push((await answerOf(base, prompt)).answer.ids);
  }
  const together: (readonly number[])[] = [];
  await base.generate(
    prompts.map((prompt) => ({ prompt: base.encode(prompt), decoding: greedy })),
    {
      signal,
      onDone: (index, answer) => {
        together[index] = answer.ids;
      },
    },
  );
  t.deepEqual(together, alone);
});

test("sampled answers do not depend on `parallel`, one included", async (t) => {
  const prompts = ["What is gold?", "Name a planet.", "Where do lions live?"].map(fenced);
  const answers = [];
  for (const sequences of [1, 2, 5]) {
    const { base } = await open(t, { sequences });
    const ids: (readonly number[])[] = [];
    await base.generate(
      prompts.map((prompt) => ({ prompt: base.encode(prompt), decoding: { ...greedy, temperature: 0.9, seed: 3 } })),
      {
        signal,
        onDone: (index, answer) => {
          ids[index] = answer.ids;
        },
      },
    );
    answers.push(ids);
  }
  t.deepEqual(answers[1], answers[0]);
  t.deepEqual(answers[2], answers[0]);
});

test("faults of model files are coded and name the file", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, "page.gguf");
  await writeFile(path, "<html>".repeat(100));
  const engine = await createLlamaEngine();
  for (const [file, code] of [
    [path, "MODEL_NOT_GGUF"],
    [folder, "MODEL_IS_DIRECTORY"],
    [join(folder, "none.gguf"), "MODEL_NOT_FOUND"],
  ] as const) {
    const error = await t.throwsAsync(engine.open(request("x", file), { signal }));
    t.true(isUnshiftError(error) && error.code === code && error.exitCode === 3, String(error));
    t.true(error?.message.includes(file));
  }
});

test("an abort ends generation with ABORTED", async (t) => {
  const { base } = await open(t);
  const controller = new AbortController();
  const items = Array.from({ length: 40 }, (_, index) => ({
    prompt: base.encode(fenced(`Question ${index}?`)),
    decoding: greedy,
  }));
  const error = await t.throwsAsync(
    base.generate(items, { signal: controller.signal, onDone: () => controller.abort() }),
  );
  t.true(isUnshiftError(error) && error.code === "ABORTED", String(error));
});

test("memory is estimated from the file before it is opened", async (t) => {
  const engine = await createLlamaEngine();
  const small = await engine.estimate(request("base", builtinModels["tiny-base"], { contextSize: 256 }));
  const large = await engine.estimate(request("base", builtinModels["tiny-base"], { contextSize: 512 }));
  t.true(small.weightsBytes > 1e6);
  t.true(large.contextBytes > small.contextBytes);
});
