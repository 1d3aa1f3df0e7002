import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "@unshift/native";
import test, { type ExecutionContext } from "ava";
import { metadataBytes } from "../src/model/gguf-header.js";
import { handful } from "../src/model/model-shape.js";
import { type ModelRecipe, writeModel } from "../src/model/write-model.js";
import { vocabularyFile } from "../src/repository.js";

const { signal } = new AbortController();
const recipe: ModelRecipe = { name: "handful", shape: handful, seed: 5, perturbation: null };

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "unshift-bench-test-"));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
}

test("the bench model opens with Qwen2's vocabulary, gives finite logits and speaks of many tokens", async (t) => {
  const path = join(await folder(t), "model.gguf");
  await writeModel(path, await vocabularyFile(), recipe, signal);
  const model = await loadModel(path);
  t.teardown(() => model.dispose());
  t.is(model.vocabulary.size, 151_936);
  t.is(model.decode(model.encode("The moon is always a ball.")), "The moon is always a ball.");
  t.is(model.metadata["general.architecture"], "qwen2");
  t.truthy(model.chatTemplate);
  const context = model.createContext({ contextSize: 128 });
  t.teardown(() => context.dispose());
  const tokens = model.encode("The moon is always a ball, just like a football, and the sun lights one half of it.");
  const { entropy, logprob } = await context.score({ tokens, from: 1 });
  // The entropy of equal logits would be ln 151,936 = 11.9 nats; of a model that is sure, 0.
  const mean = entropy.reduce((sum, nats) => sum + nats, 0) / entropy.length;
  t.true(mean > 1 && mean < 10, String(mean));
  t.true(logprob.every((nats) => Number.isFinite(nats)));
});

test("the same recipe gives the same bytes; another seed and a perturbation give others of the same size", async (t) => {
  const where = await folder(t);
  const vocabulary = await vocabularyFile();
  const write = async (name: string, changed: Partial<ModelRecipe>) => {
    await writeModel(join(where, name), vocabulary, { ...recipe, ...changed }, signal);
    return readFile(join(where, name));
  };
  const first = await write("first.gguf", {});
  t.true(first.equals(await write("again.gguf", {})));
  const seeded = await write("seeded.gguf", { seed: 6 });
  const twin = await write("twin.gguf", { perturbation: { seed: 2, deviation: 0.1 } });
  t.deepEqual([seeded.length, twin.length], [first.length, first.length]);
  t.false(first.equals(seeded));
  // A tenth of a deviation (32 steps) moves a weight by some steps; the float16 scales stay.
  const moved = first.reduce((sum, byte, at) => sum + ((((twin[at] ?? 0) - byte + 128) & 0xff) - 128) ** 2, 0);
  const weights = (first.length - 6_000_000) * (32 / 34);
  t.true(moved / weights > 3.2 ** 2 / 2 && moved / weights < 3.2 ** 2 * 2, String(moved / weights));
});

test("metadata is taken over byte for byte", async (t) => {
  const pairs = metadataBytes(await readFile(await vocabularyFile()), "tokenizer.ggml.");
  const keys = pairs.map((pair) => pair.toString("utf8", 8, 8 + Number(pair.readBigUInt64LE(0))));
  t.deepEqual(keys, [
    "tokenizer.ggml.model",
    "tokenizer.ggml.pre",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.token_type",
    "tokenizer.ggml.merges",
    "tokenizer.ggml.eos_token_id",
    "tokenizer.ggml.padding_token_id",
    "tokenizer.ggml.bos_token_id",
  ]);
});
