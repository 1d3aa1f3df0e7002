import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadModel, type Model } from "@unshift/native";
import test, { type ExecutionContext } from "ava";
import { encodeText } from "../src/encode-text.js";

const odd = [
  "Hello",
  " Hello",
  "  two spaces",
  "\n",
  "\n\n# Query:\n```\n",
  "\tx",
  "☃ 漢字 🙂",
  "<s>no BOS</s>",
  "a",
  " ",
];
const vocabulary = (name: string) =>
  fileURLToPath(new URL(`../../../../native/vendor/llama.cpp/models/ggml-vocab-${name}.gguf`, import.meta.url));

async function open(t: ExecutionContext, name: string): Promise<Model | null> {
  if (!existsSync(vocabulary(name))) {
    t.log(`skipped: ${vocabulary(name)} is not unpacked`);
    t.false(existsSync(vocabulary(name)));
    return null;
  }
  const model = await loadModel(vocabulary(name), { vocabOnly: true });
  t.teardown(() => model.dispose());
  return model;
}

const spelled = (model: Model, ids: Int32Array) =>
  Buffer.concat(Array.from(ids, (id) => model.tokenBytes(id))).toString("utf8");

test("SentencePiece: a continuation gets no space in front, and loses none", async (t) => {
  const model = await open(t, "llama-spm");
  if (model === null) return;
  t.is(spelled(model, model.encode("Hello")), " Hello", "what llama.cpp does to a text");
  for (const text of [...odd, ...odd.map((one, index) => one + (odd[index - 1] ?? ""))]) {
    t.is(spelled(model, encodeText(model, text)), text);
  }
  t.is(encodeText(model, "").length, 0);
  // Inside a longer text the ids are the same: "Hello" behind a newline is not " Hello".
  t.deepEqual(model.encode("x\nHello").slice(-1), encodeText(model, "Hello"));
  t.deepEqual(encodeText(model, " Hello"), model.encode("Hello"));
});

for (const name of ["llama-bpe", "gpt-2", "qwen2"]) {
  test(`${name}: byte-level vocabularies put nothing in front and are left alone`, async (t) => {
    const model = await open(t, name);
    if (model === null) return;
    for (const text of odd) t.deepEqual(encodeText(model, text), model.encode(text), JSON.stringify(text));
  });
}
