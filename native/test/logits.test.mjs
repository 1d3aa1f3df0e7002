import process from "node:process";
import test from "ava";
import { kernels, loadModel } from "../load.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";

/** @param {import("../index.js").LogitsStream} stream */
async function drain(stream, between = async () => {}) {
  const blocks = [];
  for (let block = await stream.next(); block !== null; block = await stream.next()) {
    blocks.push(block);
    await between();
  }
  const Kind = blocks[0]?.values.constructor ?? Float32Array;
  const values = new Kind(blocks.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const block of blocks) {
    values.set(block.values, at);
    at += block.values.length;
  }
  return { blocks, values, rows: blocks.flatMap(({ rows }) => [...rows]) };
}

/** The float32 a binary16 stands for. @param {number} half */
function fromHalf(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

for (const options of [{ type: "f32" }, { type: "q8_0" }, { architecture: "mamba" }]) {
  const name = options.type ?? options.architecture;
  test(`${name}: rows are those that score reduces, whatever stands in memory`, async (t) => {
    const model = await loadModel(tinyModel(`logits-${name}`, options));
    const [a, b] = [model.createContext(small), model.createContext(small)];
    const v = model.vocabulary.size;
    const item = randomIds(1, 120);
    const tokens = item.slice(0, -1);
    const columns = await a.score({ tokens: item, from: 61, prefixLength: 40 });
    const request = { tokens, from: 60, prefixLength: 40 };
    const fresh = await drain(b.logits(request));
    t.deepEqual(
      fresh.rows,
      Array.from({ length: 59 }, (_, i) => 60 + i),
    );
    for (let i = 0; i < 59; i++) {
      const row = kernels.rowStatistics(fresh.values.slice(i * v, i * v + v), item[61 + i], 10);
      t.is(row.logprob, columns.logprob[i]);
      t.is(row.rank, columns.rank[i]);
    }
    const logs = await drain(b.logits({ ...request, logProbabilities: true, blockBytes: 5 * v * 4 }));
    t.true(logs.blocks.every(({ values }) => values.byteLength <= 5 * v * 4));
    for (let i = 0; i < 59; i++) t.is(logs.values[i * v + item[61 + i]], Math.fround(columns.logprob[i]));
    // Blocks of one row, others in between, some rows only.
    const disturbed = await drain(b.logits({ ...request, blockBytes: 20 * v }), async () => {
      await b.score({ tokens: randomIds(7, 30), from: 3 });
    });
    t.true(sameBits(disturbed.values, fresh.values));
    const some = await drain(b.logits({ ...request, rows: Int32Array.of(60, 99, 118) }));
    t.deepEqual(some.rows, [60, 99, 118]);
    for (const [k, row] of [60, 99, 118].entries()) {
      const at = (row - 60) * v;
      t.true(sameBits(some.values.slice(k * v, k * v + v), fresh.values.slice(at, at + v)));
    }
    for (const each of [a, b, model]) each.dispose();
  });
}

test("float16 is the nearest to the float32", async (t) => {
  const model = await loadModel(tinyModel("logits-f32", { type: "f32" }));
  const context = model.createContext(small);
  const tokens = randomIds(3, 40);
  for (const logProbabilities of [false, true]) {
    const { values: exact } = await drain(context.logits({ tokens, from: 5, logProbabilities }));
    const { values: halves } = await drain(context.logits({ tokens, from: 5, logProbabilities, dtype: "f16" }));
    t.true(halves instanceof Uint16Array);
    t.is(halves.length, exact.length);
    t.true(
      halves.every((half, i) => {
        const error = Math.abs(fromHalf(half) - exact[i]);
        const step = (other) => Math.abs(fromHalf(other) - exact[i]);
        return error <= step(half + 1) && error <= step(half - 1) && (error < step(half + 1) || half % 2 === 0);
      }),
    );
  }
  context.dispose();
  model.dispose();
});

test("a block is decoded when it is asked for; the context is free between two", async (t) => {
  const model = await loadModel(tinyModel("logits-f32", { type: "f32" }));
  const context = model.createContext(small);
  const stream = context.logits({ tokens: randomIds(4, 100), from: 0 });
  t.is(stream.remaining, 100);
  const first = await stream.next();
  t.deepEqual([first.decodedTokens, first.rows.length, stream.remaining], [16, 16, 84]);
  const running = stream.next();
  t.throws(() => stream.next(), { code: "NATIVE_BUSY" });
  t.throws(() => context.score({ tokens: randomIds(1, 9), from: 1 }), { code: "NATIVE_BUSY" });
  t.throws(() => context.dispose(), { code: "NATIVE_BUSY" });
  t.is((await running).decodedTokens, 16);
  t.is(stream.remaining, 68);
  context.dispose();
  t.throws(() => stream.next(), { code: "NATIVE_DISPOSED" });
  model.dispose();
});

test("an abort costs nothing that was handed out", async (t) => {
  const model = await loadModel(tinyModel("logits-f32", { type: "f32" }));
  const context = model.createContext(small);
  const controller = new AbortController();
  const stream = context.logits({ tokens: randomIds(5, 100), from: 0 }, { signal: controller.signal });
  await stream.next();
  controller.abort();
  await t.throwsAsync(() => stream.next(), { code: "ABORTED" });
  t.is(stream.remaining, 84);
  t.is((await drain(context.logits({ tokens: randomIds(5, 100), from: 0 }))).rows.length, 100);
  context.dispose();
  model.dispose();
});

test("faults have codes", async (t) => {
  const model = await loadModel(tinyModel("logits-f32", { type: "f32" }));
  const context = model.createContext(small);
  const tokens = randomIds(1, 30);
  const invalid = { code: "NATIVE_INVALID_ARGUMENT" };
  for (const [request, message] of [
    [{ tokens, from: -1 }, /from/],
    [{ tokens, from: 30 }, /from/],
    [{ tokens: new Int32Array(), from: 0 }, /at least one/],
    [{ tokens, from: 5, rows: Int32Array.of(4) }, /rows\[0\] is 4; rows run from `from`, 5, to 29/],
    [{ tokens, from: 5, rows: Int32Array.of(7, 7) }, /rows\[1\] is not larger/],
    [{ tokens, from: 5, dtype: "f64" }, /f32, f16/],
    [{ tokens, from: 5, raw: true, logProbabilities: true }, /exclude/],
    [{ tokens, from: 5, blockBytes: 0 }, /blockBytes/],
    [{ tokens, from: 5, topK: 3 }, /topK is not known/],
    [{ tokens: Int32Array.of(3, 9999), from: 0 }, /tokens\[1\] is 9999/],
  ])
    t.throws(() => context.logits(request), { ...invalid, message });
  t.throws(() => context.logits({ tokens: randomIds(1, 257), from: 1 }), { code: "CONTEXT_TOO_SMALL" });
  t.throws(() => context.logits({ tokens, from: 1 }, { signal: 5 }), invalid);
  context.dispose();
  model.dispose();
});

test("NaN and what float16 does not hold are errors, unless rows are asked for raw", async (t) => {
  const bad = await loadModel(
    tinyModel("logits-nan", { weights: (name, values) => name === "output.weight" && values.fill(Number.NaN, 0, 64) }),
  );
  const large = await loadModel(
    tinyModel("logits-large", {
      weights: (name, values) => {
        if (name === "output.weight") for (let i = 0; i < values.length; i++) values[i] *= 1e6;
      },
    }),
  );
  const [a, b] = [bad.createContext(small), large.createContext(small)];
  const request = { tokens: randomIds(1, 10), from: 2 };
  const error = await t.throwsAsync(() => a.logits(request).next(), { code: "LOGITS_NOT_FINITE" });
  t.is(error.details.position, 2);
  t.true(Number.isNaN((await a.logits({ ...request, raw: true }).next()).values[0]));
  const tooLarge = { code: "LOGITS_NOT_FINITE", message: /float16/ };
  await t.throwsAsync(() => b.logits({ ...request, dtype: "f16" }).next(), tooLarge);
  t.true((await b.logits(request).next()).values.every(Number.isFinite));
  t.true((await b.logits({ ...request, dtype: "f16", raw: true }).next()).values.some((x) => (x & 0x7fff) === 0x7c00));
  for (const each of [a, b, bad, large]) each.dispose();
});

// By itself: what other tests give back at the same time would be counted too.
test.serial("V8 hears of the rows that wait to be collected", async (t) => {
  const model = await loadModel(tinyModel("logits-f32", { type: "f32" }));
  const context = model.createContext({ ...small, chunkSize: 128 });
  const before = process.memoryUsage().external;
  const kept = [];
  for (let i = 0; i < 40; i++)
    kept.push(...(await drain(context.logits({ tokens: randomIds(i, 200), from: 0 }))).blocks);
  const bytes = kept.reduce((sum, { values }) => sum + values.byteLength, 0);
  t.true(bytes > 8e6);
  t.true(process.memoryUsage().external - before >= 0.9 * bytes);
  context.dispose();
  model.dispose();
});
