import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PositionColumns } from "@unshift/contracts";
import type { CompareItem, OpenModel, WaitingRows } from "@unshift/contracts/services";
import test from "ava";
import { open, plain, signal, temporaryFolder } from "./open-tiny.js";

const texts = ["What is copper?", "Tell me about water.", "Which planet is red?", "Name a metal."];
const answers = [
  "Copper is a metal.",
  "Water is a liquid that falls as rain.",
  "Mars is red.",
  "Gold is a metal, too.",
];

function itemsOf(reference: OpenModel, subject: OpenModel): (CompareItem & { key: string })[] {
  return texts.map((text, at) => ({
    key: `item-${at}`,
    referencePrompt: reference.encode(plain(`Question: ${text}\nAnswer:`)),
    subjectPrompt: subject.encode(plain(text)),
    answerIds: reference.encodeText(answers[at] ?? ""),
    topK: 5,
  }));
}

/** Compares in turn and says in which order what happened. */
async function inTurn(
  engine: Awaited<ReturnType<typeof open>>["engine"],
  [reference, subject]: readonly [OpenModel, OpenModel],
  items: readonly (CompareItem & { key: string })[],
  rows: WaitingRows,
) {
  const columns: PositionColumns[] = [];
  const waiting: string[][] = [];
  await engine.compareInTurn?.(reference, subject, items, {
    signal,
    rows,
    onDone: async (index, outcome) => {
      if ("error" in outcome) throw outcome.error;
      columns[index] = outcome.columns;
    },
    onGroup: async () => {
      waiting.push((await readdir(rows.folder)).sort());
    },
  });
  return { columns, waiting };
}

test("one model at a time: the same columns, in groups of any size", async (t) => {
  const together = await open(t);
  const expected: PositionColumns[] = [];
  for (const item of itemsOf(together.aligned, together.base)) {
    expected.push(await together.engine.compare(together.aligned, together.base, item, { signal }));
  }
  const { engine, base, aligned } = await open(t, { inTurn: true });
  t.deepEqual(aligned.identity, together.aligned.identity);
  const items = itemsOf(aligned, base);
  t.deepEqual(items, itemsOf(together.aligned, together.base));
  for (const [maxBytes, groups] of [
    [1e12, 1],
    [1, items.length],
  ] as const) {
    const folder = join(await temporaryFolder(t), "waiting");
    const { columns, waiting } = await inTurn(engine, [aligned, base], items, { folder, maxBytes, precision: "f32" });
    t.deepEqual(columns, expected);
    t.is(waiting.length, groups);
    t.true(waiting.every((files) => files.length === items.length / groups));
    await t.throwsAsync(readdir(folder), { code: "ENOENT" });
  }
});

test("models in turn answer and embed as ever", async (t) => {
  const together = await open(t);
  const turns = await open(t, { inTurn: true });
  const answer = async (model: OpenModel) => {
    const texts: string[] = [];
    const decoding = { maxTokens: 8, temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 };
    const prompt = model.encode(plain("Copper is"));
    await model.generate([{ prompt, decoding }], { signal, onDone: (_, { text }) => texts.push(text) });
    return texts;
  };
  // Asked at once: each waits for the other's weights to go.
  const both = await Promise.all([turns.base, turns.aligned].map(answer));
  t.deepEqual(both, [await answer(together.base), await answer(together.aligned)]);
  const embedded = async ({ engine, base }: typeof turns) => {
    const embedder = await engine.embedder?.({ model: base, pooling: "mean" }, { signal });
    return embedder?.embed(["copper", "rain"], { signal });
  };
  t.deepEqual(await embedded(turns), await embedded(together));
  await t.throwsAsync(
    turns.engine.compare(turns.aligned, turns.base, itemsOf(turns.aligned, turns.base)[0] as CompareItem, { signal }),
    { code: "INTERNAL" },
  );
});

test("rows that a stopped run left are used, others removed", async (t) => {
  const { engine, base, aligned } = await open(t, { inTurn: true });
  const items = itemsOf(aligned, base);
  const folder = await temporaryFolder(t);
  const rows: WaitingRows = { folder, maxBytes: 1e12, precision: "f32" };
  await writeFile(join(folder, "item-of-another.f32.rows"), "x");
  await writeFile(join(folder, "item-1.f32.rows.part"), "x");
  const stop = new Error("stopped by the test");
  await t.throwsAsync(
    engine.compareInTurn?.(aligned, base, items, {
      signal,
      rows,
      onDone: async (index) => {
        if (index === 1) throw stop;
      },
      onGroup: async () => undefined,
    }) as Promise<void>,
    { is: stop },
  );
  t.deepEqual(
    (await readdir(folder)).sort(),
    items.map(({ key }) => `${key}.f32.rows`),
  );
  // Whether a file is read or written anew shows by one that cannot be read.
  await writeFile(join(folder, "item-2.f32.rows"), "damaged");
  await t.throwsAsync(inTurn(engine, [aligned, base], items, rows), { code: "RUN_CORRUPT" });
  t.false((await readdir(folder)).includes("item-2.f32.rows"));
  t.is((await inTurn(engine, [aligned, base], items, rows)).columns.length, items.length);
});

test("more rows than the disk holds are refused before a model computes", async (t) => {
  const { engine, base, aligned } = await open(t, { inTurn: true });
  const [first] = itemsOf(aligned, base);
  const answerIds = new Int32Array(2 ** 28).fill(5);
  const error = await t.throwsAsync(
    inTurn(engine, [aligned, base], [{ ...(first as CompareItem), answerIds, key: "huge" }], {
      folder: await temporaryFolder(t),
      maxBytes: 1e15,
      precision: "f32",
    }),
    { code: "RUN_NO_SPACE" },
  );
  t.regex(error.message, /2\.\d+e\+3 GB|\d GB/);
});
