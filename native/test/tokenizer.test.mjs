import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { loadModel } from "../load.mjs";
import { llamaFolder } from "../scripts/vendor.mjs";
import { tinyModel } from "./support/models.mjs";
import { tinyTokens } from "./support/tiny-gguf.mjs";

const vocabulary = (name) => join(llamaFolder(), "models", `ggml-vocab-${name}.gguf`);
const open = (path) => loadModel(path, { vocabOnly: true });

for (const name of ["llama-spm", "llama-bpe", "qwen2", "gpt-2", "phi-3", "deepseek-llm"]) {
  test(`text survives ${name}`, async (t) => {
    if (!existsSync(vocabulary(name))) return t.pass("not part of this llama.cpp");
    const model = await open(vocabulary(name));
    for (const text of [
      "Hello world",
      "  two spaces\n\n\ttab",
      "Ünïcödé ☃ 漢字 🙂",
      "1234 + 5678",
      "<s> not special </s>",
    ]) {
      // SentencePiece puts a space before a text.
      const back = model.decode(model.encode(text));
      t.is(model.vocabulary.type === "spm" ? back.replace(/^ /, "") : back, text);
    }
    t.deepEqual([...model.encode("")], []);
    t.is(model.vocabulary.hash.length, 64);
    model.dispose();
  });
}

test("the fixtures of llama.cpp's own tokenizer tests", async (t) => {
  const inputs = `${vocabulary("llama-bpe")}.inp`;
  if (!existsSync(inputs)) return t.pass("not part of this llama.cpp");
  const texts = readFileSync(inputs, "utf8").split("\n__ggml_vocab_test__\n");
  const expected = readFileSync(`${vocabulary("llama-bpe")}.out`, "utf8").split("\n");
  const model = await open(vocabulary("llama-bpe"));
  texts.slice(0, expected.length - 1).forEach((text, i) => {
    t.deepEqual(
      [...model.encode(text)],
      expected[i].trim().split(/\s+/).filter(Boolean).map(Number),
      JSON.stringify(text),
    );
  });
  model.dispose();
});

test("BOS: none by default, exactly one on request", async (t) => {
  const model = await open(tinyModel("whole"));
  const { bos } = model.vocabulary;
  const count = (ids) => ids.filter((id) => id === bos).length;
  t.is(count(model.encode("the")), 0);
  t.is(count(model.encode("the", { addBos: true })), 1);
  t.is(count(model.encode("<s>the", { addBos: true, parseSpecial: true })), 1);
  t.is(count(model.encode("<s><s>the", { addBos: true, parseSpecial: true })), 1);
  t.is(count(model.encode("<s>the", { parseSpecial: true })), 1);
  t.is(count(model.encode("<s>the")), 0);
  t.deepEqual([...model.encode("", { addBos: true })], [bos]);
  model.dispose();
});

test("control tokens are text unless asked for", async (t) => {
  const model = await open(tinyModel("whole"));
  const { eos } = model.vocabulary;
  t.deepEqual([...model.encode("</s>", { parseSpecial: true })], [eos]);
  t.false(model.encode("</s>").includes(eos));
  t.is(model.decode([eos]), "");
  t.is(model.decode([eos], { special: true }), "</s>");
  t.is(Buffer.from(model.tokenBytes(eos)).toString(), "</s>");
  t.is(model.tokenKind(eos), "control");
  t.is(model.tokenKind(model.vocabulary.unknown), "unknown");
  t.deepEqual(model.vocabulary.endOfGeneration.slice(), [eos]);
  model.dispose();
});

test("pieces of a character stay bytes; incomplete UTF-8 becomes U+FFFD", async (t) => {
  const model = await open(tinyModel("whole"));
  const ids = model.encode("🙂");
  const bytes = [...ids].flatMap((id) => [...model.tokenBytes(id)]);
  t.is(Buffer.from(bytes).toString().trim(), "🙂");
  t.true([...ids].some((id) => model.tokenKind(id) === "byte"));
  t.is(
    model
      .decode(ids.slice(0, -1))
      .trim()
      .replace(/\uFFFD+/, "?"),
    "?",
  );
  model.dispose();
});

test("a character the vocabulary cannot spell", async (t) => {
  const strict = await open(tinyModel("no-bytes", { tokens: tinyTokens({ byteTokens: false }) }));
  // llama.cpp looks a byte token up that is not there; the error names character and place.
  const error = t.throws(() => strict.encode("the 🙂"), { code: "TOKENIZE_UNKNOWN_CHARACTER" });
  t.is(error.details.character, "🙂");
  t.is(error.details.byteOffset, 4);
  t.true(strict.encode("the snow").length > 0);
  strict.dispose();
});

test("vocabularies are compared by content", async (t) => {
  const one = await open(tinyModel("whole"));
  const same = await open(tinyModel("same-words", { seed: 9 }));
  const wider = await open(tinyModel("wider", { tokens: tinyTokens({ extra: 4 }) }));
  const tokens = tinyTokens();
  tokens[270] = { ...tokens[270], text: "†" };
  const other = await open(tinyModel("other-words", { tokens }));
  t.is(one.compareVocabulary(same).relation, "identical");
  t.is(one.compareVocabulary(same).firstDifference, -1);
  const extended = one.compareVocabulary(wider);
  t.is(extended.relation, "subject-extends");
  t.is(extended.commonSize, one.vocabulary.size);
  t.is(wider.compareVocabulary(one).relation, "reference-extends");
  // Equal sizes prove nothing.
  const different = one.compareVocabulary(other);
  t.is(different.referenceSize, different.subjectSize);
  t.is(different.relation, "different");
  t.is(different.firstDifference, 270);
  t.is(different.subjectToken, "†");
  for (const model of [one, same, wider, other]) model.dispose();
});

const tinyFixtures = fileURLToPath(
  new URL("../../packages/tiny-models/test/fixtures/tokenizer.jsonl", import.meta.url),
);
const tinyBase = fileURLToPath(new URL("../../packages/tiny-models/tiny-base.gguf", import.meta.url));

test("the project's own tiny models tokenise as their training did", async (t) => {
  if (!existsSync(tinyFixtures) || !existsSync(tinyBase)) return t.pass("not there yet");
  const model = await open(tinyBase);
  for (const line of readFileSync(tinyFixtures, "utf8").trim().split("\n")) {
    const { text, ids } = JSON.parse(line);
    t.deepEqual([...model.encode(text)], ids, JSON.stringify(text));
  }
  model.dispose();
});

/** The official prompts stand beside the repository on machines of the project; they are not part of it. */
const official = fileURLToPath(new URL("../../../shared/data/urial-prompts/", import.meta.url));

test("Llama-2 token counts of the official URIAL prompts, without BOS", async (t) => {
  const counts = { inst_1k: 1011, inst_1shot: 543, inst_2k: 2025 };
  if (!existsSync(official) || !existsSync(vocabulary("llama-spm"))) {
    t.log(`skipped: ${official} or ${vocabulary("llama-spm")} is not here`);
    t.false(existsSync(official) && existsSync(vocabulary("llama-spm")));
    return;
  }
  const model = await open(vocabulary("llama-spm"));
  for (const [name, count] of Object.entries(counts)) {
    const ids = model.encode(readFileSync(join(official, `${name}.txt`), "utf8"));
    t.is(ids.length, count, name);
    t.false(ids.includes(model.vocabulary.bos));
  }
  model.dispose();
});

test("framed: what the file wants around a text that stands by itself", async (t) => {
  const llama = await open(tinyModel("whole"));
  const { bos } = llama.vocabulary;
  t.deepEqual([...llama.encode("the", { framed: true })], [bos, ...llama.encode("the")]);
  t.throws(() => llama.encode("the", { framed: true, addBos: true }), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => llama.encode("the", { framed: true, parseSpecial: false }), { code: "NATIVE_INVALID_ARGUMENT" });
  const bert = await open(tinyModel("words", { architecture: "bert", context: 64 }));
  const pieces = [...bert.encode("the golding!", { framed: true })].map((id) => Buffer.from(bert.tokenBytes(id)));
  t.is(pieces.at(0)?.toString(), "[CLS]");
  t.is(pieces.at(-1)?.toString(), "[SEP]");
  t.is(pieces.slice(1, -1).join(""), " the golding !");
  for (const model of [llama, bert]) model.dispose();
});
