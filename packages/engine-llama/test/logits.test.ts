import type { LogitsBlock, LogitsItem, OpenModel } from "@unshift/contracts/services";
import test from "ava";
import { readLogits } from "../src/read-logits.js";
import { open, plain, signal } from "./open-tiny.js";

/** The item whose rows a comparison of `answer` behind `prompt` reduces. */
function itemOf(model: OpenModel, prompt: string, answer: string, change: Partial<LogitsItem> = {}) {
  const encoded = model.encode(plain(prompt, { staticChars: Math.floor(prompt.length / 2) }));
  const answerIds = model.encodeText(answer);
  const item: LogitsItem = {
    ids: Int32Array.from([...encoded.ids, ...answerIds.slice(0, -1)]),
    prefixLength: encoded.prefixLength,
    from: encoded.ids.length - 1,
    dtype: "f32",
    logProbabilities: true,
    ...change,
  };
  return { item, answerIds, prompt: encoded };
}

function logits(model: OpenModel, item: LogitsItem, given: AbortSignal = signal): AsyncIterable<LogitsBlock> {
  if (model.logits === undefined) throw new Error("the engine gives no rows");
  return model.logits(item, { signal: given });
}

async function all(blocks: AsyncIterable<LogitsBlock>): Promise<LogitsBlock[]> {
  const list: LogitsBlock[] = [];
  for await (const block of blocks) list.push(block);
  return list;
}

test("rows hold the log-probabilities of a comparison", async (t) => {
  const { engine, base, aligned } = await open(t);
  const { item, answerIds, prompt } = itemOf(
    base,
    "A list of questions and answers follows.\n\nWhat is gold?\n",
    "Gold is a metal. It is yellow.",
  );
  const columns = await engine.compare(
    aligned,
    base,
    { referencePrompt: prompt, subjectPrompt: prompt, answerIds, topK: 5 },
    { signal },
  );
  const size = base.identity.vocabularySize;
  let row = 0;
  for await (const { rows, values } of logits(base, { ...item, blockBytes: 3 * size * 4 })) {
    t.true(rows.length <= 3);
    for (let i = 0; i < rows.length; i += 1, row += 1) {
      t.is(rows[i], item.from + row);
      t.is(values[i * size + (answerIds[row] ?? -1)], Math.fround(columns.subjectLogprob[row] ?? Number.NaN));
      t.is(
        values[i * size + (columns.subjectTopIds[5 * row] ?? -1)],
        Math.max(...values.subarray(i * size, (i + 1) * size)),
      );
    }
  }
  t.is(row, answerIds.length);
});

test("no more than one block is computed ahead of the reader", async (t) => {
  let asked = 0;
  const signals: AbortSignal[] = [];
  const context: Parameters<typeof readLogits>[0] = {
    logits: (_request, options) => {
      if (options?.signal !== undefined) signals.push(options.signal);
      return {
        get remaining() {
          return 10 - asked;
        },
        next: async () => {
          asked += 1;
          return { rows: Int32Array.of(asked), values: new Float32Array(1), reusedTokens: 0, decodedTokens: 1 };
        },
      };
    },
  };
  const item = { ids: Int32Array.of(1), prefixLength: 0, from: 0, dtype: "f32", logProbabilities: false } as const;
  let read = 0;
  for await (const block of readLogits(context, item, signal)) {
    read += 1;
    t.is(block.rows[0], read);
    await new Promise((resolve) => setTimeout(resolve, 5));
    t.is(asked, Math.min(read + 1, 10));
    if (read === 4) break;
  }
  t.is(asked, 5);
  t.true(signals[0]?.aborted, "what is under way ends with the loop");
  asked = 0;
  t.is((await all(readLogits(context, item, signal))).length, 10);
  t.is(asked, 10);
});

test("leaving the loop early frees the model", async (t) => {
  const { engine, base, aligned } = await open(t, { chunkSize: 8 });
  const { item, answerIds, prompt } = itemOf(base, "Name a metal.\n", "gold and tin ".repeat(30));
  const whole = await all(logits(base, item));
  for (let round = 0; round < 3; round += 1) {
    for await (const block of logits(base, item)) {
      t.deepEqual(block, whole[0]);
      break;
    }
    const prompts = { referencePrompt: prompt, subjectPrompt: prompt };
    const columns = await engine.compare(aligned, base, { ...prompts, answerIds, topK: 1 }, { signal });
    t.is(columns.length, answerIds.length);
  }
  t.deepEqual(await all(logits(base, item)), whole);
});

test("an abort and an item that does not fit are coded, and the model goes on", async (t) => {
  const { base } = await open(t, { contextSize: 64, chunkSize: 4 });
  const read = async (item: LogitsItem, given?: AbortSignal, each = () => {}) => {
    let rows = 0;
    for await (const block of logits(base, item, given)) {
      rows += block.rows.length;
      each();
    }
    return rows;
  };
  const { item: long } = itemOf(base, "Name a metal.\n", "gold and tin ".repeat(40));
  await t.throwsAsync(read(long), { code: "CONTEXT_TOO_SMALL" });
  const { item } = itemOf(base, "Name a metal.\n", "gold and tin and iron and silver ".repeat(3));
  await t.throwsAsync(read(item, AbortSignal.abort()), { code: "ABORTED" });
  const stop = new AbortController();
  await t.throwsAsync(
    read(item, stop.signal, () => stop.abort()),
    { code: "ABORTED" },
  );
  t.is(await read(item), item.ids.length - item.from);
});

test("bytes of every id spell what the vocabulary's texts show", async (t) => {
  const { base } = await open(t);
  const decoder = new TextDecoder();
  for (let id = 0; id < base.identity.vocabularySize; id += 1) {
    const { text } = base.token(id);
    const bytes = base.tokenBytes?.(id);
    if (bytes === undefined) return t.fail("no bytes");
    if (!text.includes("\\x")) t.is(decoder.decode(bytes), text);
  }
});
