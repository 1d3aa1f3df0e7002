import { join } from "node:path";
import { fencedStopAlways, fencedStops, fencedTrimEnd, type Prompt } from "@unshift/contracts";
import type { GeneratedAnswer } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import { createLlamaEngine } from "../src/index.js";
import { modelWriters, plain, request, signal, temporaryFolder } from "./open-tiny.js";

const fenced: Partial<Prompt> = {
  stop: fencedStops,
  stopAlways: fencedStopAlways,
  trimEnd: fencedTrimEnd,
  codeBlocks: true,
};

/** What is taken as the answer of a model that says these pieces, a token each, and then ends. */
async function answerOf(t: ExecutionContext, pieces: readonly (string | number)[], change: Partial<Prompt> = fenced) {
  const path = (await modelWriters()).writeParrot(join(await temporaryFolder(t), "parrot.gguf"), pieces);
  const engine = await createLlamaEngine();
  t.teardown(() => engine.dispose());
  const model = await engine.open(request("parrot", path, { contextSize: 128 }), { signal });
  const answers: GeneratedAnswer[] = [];
  const decoding = { maxTokens: 60, temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 };
  await model.generate([{ prompt: model.encode(plain("", change)), decoding }], {
    signal,
    onDone: (_, answer) => answers.push(answer),
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

test("the model ends behind its closing fence: the fence goes, unless it closes a block of the answer", async (t) => {
  const outside = await answerOf(t, ["Hello", ".\n", "```"]);
  t.is(outside.text, "Hello.");
  t.is(outside.raw, "Hello.\n```");
  t.is(outside.ids.length, 1, "ids that carry a byte of the fence do not belong to the answer");
  const inside = await answerOf(t, ["```py\n", "x", "\n```"]);
  t.is(inside.text, "```py\nx\n```");
  t.is(inside.ids.length, 4, "the ending id counts");
  const behind = await answerOf(t, ["```py\n", "x", "\n```\n", "Done.", "\n`", "``"]);
  t.is(behind.text, "```py\nx\n```\nDone.");
  const plainly = await answerOf(t, ["```py\n", "x", "\n```"], { ...fenced, codeBlocks: false });
  t.is(plainly.text, "```py\nx", "without codeBlocks every fence is the prompt's");
});

test("the template's stops: a code block, a comment in it, a next query", async (t) => {
  const answer = await answerOf(t, [
    "See:\n",
    "```sh\n# Query: x\n",
    "\n# User: y\n",
    "```\n",
    "Bye.\n`",
    "``\n",
    "# Query:",
  ]);
  t.is(answer.text, "See:\n```sh\n# Query: x\n\n# User: y\n```\nBye.");
  t.is(answer.finishReason, "stop");
  const open = await answerOf(t, ["```sh\nx\n", "\n# Query:\n", "```\nnext"]);
  t.is(open.text, "```sh\nx\n");
});

test("a bare fence first is an empty answer, with and without a newline behind it", async (t) => {
  const stopped = await answerOf(t, ["```\n", "more"]);
  t.is(stopped.text, "");
  t.is(stopped.finishReason, "stop");
  t.deepEqual(stopped.ids, []);
  const ended = await answerOf(t, ["``", "`"]);
  t.is(ended.text, "");
  t.is(ended.finishReason, "eos");
  t.deepEqual(ended.ids, []);
});
