import type { LogitsBlock, LogitsItem } from "@unshift/contracts/services";
import test from "ava";
import { createFakeEngine } from "../src/index.js";
import { openFake, prompt, signal } from "./open-fake.js";

async function all(blocks: AsyncIterable<LogitsBlock>): Promise<LogitsBlock[]> {
  const list: LogitsBlock[] = [];
  for await (const block of blocks) list.push(block);
  return list;
}

/** The number a finite binary16 stands for. */
function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const magnitude = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

test("rows are those that a score of the same answer reduces, in blocks of any size", async (t) => {
  const engine = createFakeEngine();
  const model = await openFake(engine, "base");
  const asked = model.encode(prompt("The capital of France is"));
  const answerIds = model.encodeText(" Paris, a city on a river.");
  const scored = await engine.score(model, { subjectPrompt: asked, answerIds, topK: 1 }, { signal });
  const item: LogitsItem = {
    ids: Int32Array.from([...asked.ids, ...answerIds.slice(0, -1)]),
    prefixLength: 0,
    from: asked.ids.length - 1,
    dtype: "f32",
    logProbabilities: true,
  };
  const size = model.identity.vocabularySize;
  for (const blockBytes of [1, 3 * size * 4, 2 ** 20]) {
    let row = 0;
    for await (const { rows, values } of model.logits({ ...item, blockBytes }, { signal })) {
      for (let i = 0; i < rows.length; i += 1, row += 1) {
        t.is(rows[i], item.from + row);
        t.true(Math.abs((values[i * size + (answerIds[row] ?? -1)] ?? 0) - (scored.subjectLogprob[row] ?? 1)) < 1e-5);
      }
    }
    t.is(row, answerIds.length);
  }
  const some = Int32Array.of(item.from, item.from + 2);
  const halves = await all(model.logits({ ...item, logProbabilities: false, dtype: "f16" }, { signal }));
  const exact = await all(model.logits({ ...item, logProbabilities: false }, { signal }));
  halves[0]?.values.forEach((half, i) => {
    const x = exact[0]?.values[i] ?? Number.NaN;
    const distance = (bits: number) => Math.abs(fromHalf(bits) - x);
    t.true(distance(half) <= distance(half - 1) && distance(half) <= distance(half + 1));
  });
  const [block] = await all(model.logits({ ...item, rows: some, dtype: "f16" }, { signal }));
  t.deepEqual(block?.rows, some);
  t.true(block?.values instanceof Uint16Array);
  await t.throwsAsync(all(model.logits({ ...item, from: 99 }, { signal })), { code: "NATIVE_INVALID_ARGUMENT" });
});
