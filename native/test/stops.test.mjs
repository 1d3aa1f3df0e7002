import { join } from "node:path";
import test from "ava";
import { loadModel } from "../load.mjs";
import { folder } from "./support/models.mjs";
import { writeParrot } from "./support/parrot.mjs";

let parrots = 0;

/** What a model that says these pieces is taken to have answered. */
async function answer(pieces, request, options) {
  const model = await loadModel(writeParrot(join(folder, `parrot-${parrots++}.gguf`), pieces, options));
  const context = model.createContext({ contextSize: 128, threads: 1 });
  const [generation] = await context.generate([{ prompt: Int32Array.of(1), maxTokens: 60, ...request }]);
  context.dispose();
  model.dispose();
  return generation;
}

const fenced = { stop: ["\n```\n", "\n# Query:"], stopAlways: ["\n# Query:\n```"], codeBlocks: true };

test("a code block is a part of the answer, however its fences are split into tokens", async (t) => {
  for (const pieces of [
    ["Like", " this", ":\n``", "`py", "\nx\n", "``", "`\nDo", "ne.", "\n```", "\n"],
    ["Like this:", "\n", "```py\n", "x", "\n```\n", "Done.", "\n`", "``\nmore"],
    ["Like this:\n```py\nx\n```\nDone.\n```\nmore"],
  ]) {
    const generation = await answer(pieces, fenced);
    t.is(generation.text, "Like this:\n```py\nx\n```\nDone.");
    t.is(generation.finishReason, "stop");
    t.is(generation.stop, "\n```\n");
    t.false(generation.inCodeBlock);
    const plain = await answer(pieces, { stop: fenced.stop });
    t.is(plain.text, "Like this:\n```py\nx", "without codeBlocks a fence is a fence");
  }
});

test("ids that carry a byte of the stop text do not belong to the answer; a character may be split", async (t) => {
  const generation = await answer(["A ", 0xe2, 0x98, 0x83, " man\n", "``", "`\n"], fenced);
  t.is(generation.text, "A ☃ man");
  t.is(generation.ids.length, 7);
  t.is(generation.answerLength, 4);
});

test("a block left open ends at the template's own next query only", async (t) => {
  const generation = await answer(["a\n```py\n# Query:", " x\n\n", "# Query:\n", "``", "`\nnext"], fenced);
  t.is(generation.text, "a\n```py\n# Query: x\n");
  t.is(generation.stop, "\n# Query:\n```");
  t.true(generation.inCodeBlock);
  const open = await answer(["a\n```py\nx", "\n```"], fenced);
  t.is(open.finishReason, "eos");
  t.true(open.inCodeBlock, "the last line is not whole");
  const closed = await answer(["a\n```py\nx", "\n```\n"], fenced);
  t.false(closed.inCodeBlock);
});

test("a bare fence in the first line: the answer is empty", async (t) => {
  const generation = await answer(["``", "`", "\n", "more"], fenced);
  t.is(generation.text, "");
  t.is(generation.answerLength, 0);
  t.is(generation.finishReason, "stop");
  t.is(generation.stop, "```\n");
  t.is(generation.ids.length, 3);
});

test("stop texts are checked", async (t) => {
  const model = await loadModel(writeParrot(join(folder, "parrot-checked.gguf"), ["a"]));
  const context = model.createContext({ contextSize: 64, threads: 1 });
  const request = { prompt: Int32Array.of(1), maxTokens: 1 };
  t.throws(() => context.generate([{ ...request, stopAlways: [""] }]), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /requests\[0\]\.stopAlways\[0\]/,
  });
  t.throws(() => context.generate([{ ...request, codeBlocks: "yes" }]), {
    code: "NATIVE_INVALID_ARGUMENT",
    message: /codeBlocks/,
  });
  context.dispose();
  model.dispose();
});
