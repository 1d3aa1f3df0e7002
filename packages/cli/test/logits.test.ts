import type { OpenModel } from "@unshift/contracts/services";
import type { PlannedLogits } from "@unshift/core";
import type { LogitsFolder, LogitsPlan } from "@unshift/store";
import { createFakeEngine } from "@unshift/testkit";
import test from "ava";
import { byteSize } from "../src/logits/byte-size.js";
import { requireRoom } from "../src/logits/room.js";
import { writeRows } from "../src/logits/write-rows.js";

const signal = new AbortController().signal;

const plan: LogitsPlan = {
  facts: {},
  dtype: "f32",
  vocabularySize: 151_936,
  rows: 1_000_000,
  shardRows: 441,
  describe: () => {
    throw new Error("nobody asks");
  },
};

test("rows that do not fit are refused with figures", (t) => {
  const needed = 4 * 151_936 * 1_000_000;
  requireRoom("/data", plan, { present: 0, needed, free: needed });
  const error = t.throws(() => requireRoom("/data", plan, { present: 0, needed, free: 2 ** 30 }), {
    code: "LOGITS_TOO_LARGE",
  });
  t.is(error.message, "1000000 rows of 151936 values need 566.0 GiB more; 1.0 GiB are free at /data");
});

test("sizes are read as people write them", (t) => {
  const size = byteSize("shard-size");
  for (const [text, bytes] of [
    ["4096", 4096],
    ["64MiB", 64 * 2 ** 20],
    ["64m", 64 * 2 ** 20],
    ["1.5 GB", 1.5e9],
    ["2k", 2048],
  ] as const)
    t.is(size(text), bytes);
  for (const text of ["", "0", "-1", "3x", "MiB", "1e3", ["1", "2"], "0.2"])
    t.throws(() => size(text), { code: "USAGE" });
});

/** Two samples, of 4 and 3 rows. */
const planned: PlannedLogits = {
  system: "a",
  under: "a",
  model: "m",
  positions: "answer",
  rows: 7,
  without: 0,
  itemsHash: "",
  samples: [
    { sampleId: "x", firstRow: 0, rows: 4, item: { ids: Int32Array.of(0, 10, 11, 12, 13), prefixLength: 0, from: 1 } },
    { sampleId: "y", firstRow: 4, rows: 3, item: { ids: Int32Array.of(0, 20, 21), prefixLength: 0, from: 0 } },
  ].map((sample) => ({ ...sample, token: () => ({ part: "answer", position: 0, id: 0 }) as const })),
};

async function written(model: OpenModel, nextRow: number): Promise<number[]> {
  const values: number[] = [];
  let heard = 0;
  const folder: Pick<LogitsFolder, "nextRow" | "append" | "writeVocabulary"> = {
    nextRow,
    append: async (block) => {
      values.push(...block);
    },
    writeVocabulary: async () => undefined,
  };
  const form = { dtype: "f32", logProbabilities: false, shardBytes: 1 } as const;
  await writeRows(model, planned, folder, form, {
    signal,
    onRows: (count) => {
      heard += count;
    },
  });
  if (heard !== 7 - nextRow) throw new Error(`${heard} rows were told of`);
  return values;
}

test("what is there is not written again, wherever it stops", async (t) => {
  const engine = createFakeEngine();
  const model = await engine.open(
    {
      name: "m",
      path: "x",
      contextSize: null,
      gpuLayers: null,
      chunkSize: null,
      numerics: "strict",
      sequences: 1,
      threads: null,
    },
    { signal },
  );
  const whole = await written(model, 0);
  const size = model.identity.vocabularySize;
  t.is(whole.length, 7 * size);
  for (let row = 1; row <= 7; row += 1) t.deepEqual(await written(model, row), whole.slice(row * size));
  const { logits: _, ...without } = { ...model, identity: model.identity, name: "m" } as unknown as OpenModel;
  await t.throwsAsync(written(without as OpenModel, 0), { code: "LOGITS_UNSUPPORTED" });
});
