import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { finishedShards, freeBytes, LogitsFolder, type LogitsPlan, shardBytes, shardCount } from "../src/index.js";
import { npyHeader } from "../src/logits/npy-header.js";
import { freshFolder } from "./run-fixture.js";

const vocabularySize = 5;

function plan(change: Partial<LogitsPlan> = {}): LogitsPlan {
  return {
    facts: { format: 1, dtype: change.dtype ?? "f32", rows: change.rows ?? 23 },
    dtype: "f32",
    vocabularySize,
    rows: 23,
    shardRows: 4,
    describe: (row) => ({
      sampleId: `s${Math.floor(row / 6)}`,
      system: "aligned",
      under: "base",
      part: "answer",
      position: row % 6,
      tokenId: 100 + row,
      token: row % 3 === 0 ? 'a,"\n' : "é",
    }),
    ...change,
  };
}

/** Row r, id v holds 100 r + v. */
const rowsOf = (from: number, to: number) =>
  Float32Array.from({ length: (to - from) * vocabularySize }, (_, i) => {
    return 100 * (from + Math.floor(i / vocabularySize)) + (i % vocabularySize);
  });

/** Reads a `.npy` file as its format says, knowing nothing of who wrote it. */
function readNpy(bytes: Buffer): { readonly shape: readonly number[]; readonly values: number[] } {
  if (bytes.toString("latin1", 0, 8) !== "\x93NUMPY\x01\x00") throw new Error("no .npy of version 1.0");
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + length);
  if ((10 + length) % 64 !== 0 || !header.endsWith("\n")) throw new Error("a header that is not padded");
  const [, descr, order, shape] =
    /^\{'descr': '([^']+)', 'fortran_order': (\w+), 'shape': \(([^)]*)\), \} *\n$/.exec(header) ?? [];
  if (order !== "False" || descr !== "<f4") throw new Error(header);
  const sizes = (shape ?? "").split(",").map(Number);
  const data = bytes.subarray(10 + length);
  if (data.length !== sizes.reduce((a, b) => a * b, 4)) throw new Error("a size that is not the shape's");
  return { shape: sizes, values: Array.from({ length: data.length / 4 }, (_, i) => data.readFloatLE(4 * i)) };
}

async function writeAll(out: string, all: LogitsPlan, step: number): Promise<void> {
  const folder = await LogitsFolder.open(out, all);
  try {
    for (let row = folder.nextRow; row < all.rows; row += step) {
      await folder.append(rowsOf(row, Math.min(all.rows, row + step)));
    }
  } finally {
    await folder.close();
  }
}

async function content(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString("base64")])),
  );
}

test("shards are .npy files; both indexes name every row", async (t) => {
  const out = join(await freshFolder(t), "rows");
  await writeAll(out, plan(), 7);
  const records = (await readFile(join(out, "index.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(records.length, 6);
  t.deepEqual(records[1].samples, [
    { sample: "s0", row: 0, rows: 2 },
    { sample: "s1", row: 2, rows: 2 },
  ]);
  for (const { shard, firstRow, rows, sha256 } of records) {
    const bytes = await readFile(join(out, shard));
    t.is(createHash("sha256").update(bytes).digest("hex"), sha256);
    const { shape, values } = readNpy(bytes);
    t.deepEqual(shape, [rows, vocabularySize]);
    t.deepEqual(values, [...rowsOf(firstRow, firstRow + rows)]);
  }
  const table = await readFile(join(out, "index.csv"), "utf8");
  t.true(table.startsWith("shard,row,sample_id,system,under,part,position,token_id,token\n"));
  t.true(table.includes('logits-00000.npy,3,s0,aligned,base,answer,3,103,"a,""\n"\n'));
  t.true(table.endsWith("logits-00005.npy,2,s3,aligned,base,answer,4,122,é\n"));
  t.is((await finishedShards(out, plan())).length, shardCount(plan()));
  const sizes = await Promise.all(records.map(async ({ shard }) => (await readFile(join(out, shard))).length));
  t.is(
    sizes.reduce((a, b) => a + b),
    shardBytes(plan()),
  );
});

/** What a process that is killed can leave behind. */
const leftovers: Record<string, (out: string) => Promise<unknown>> = {
  "nothing of it": (out) => rm(out, { recursive: true }),
  "half of a shard under its unfinished name": (out) => writeFile(join(out, ".logits-00003.npy.abc123.tmp"), "half"),
  "a shard with its name that no index names": async (out) => {
    await dropLastLines(join(out, "index.jsonl"), 1);
  },
  "rows in the table without the line": async (out) => {
    await dropLastLines(join(out, "index.jsonl"), 2);
    await appendFile(join(out, "index.csv"), "logits-00009.npy,0,torn");
  },
  "a torn line": async (out) => {
    await dropLastLines(join(out, "index.jsonl"), 1);
    await appendFile(join(out, "index.jsonl"), '{"shard":"logits-000');
  },
  "a shard that lost its end": (out) => truncate(join(out, "logits-00001.npy"), 70),
  "a shard that is gone": (out) => rm(join(out, "logits-00000.npy")),
};

async function dropLastLines(path: string, count: number): Promise<void> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  await writeFile(
    path,
    lines
      .slice(0, -count)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

for (const [name, damage] of Object.entries(leftovers)) {
  test(`continues to the same bytes: ${name}`, async (t) => {
    const root = await freshFolder(t);
    await writeAll(join(root, "whole"), plan(), 3);
    const out = join(root, "cut");
    await part(out, 17);
    await damage(out);
    await writeAll(out, plan(), 5);
    t.deepEqual(await content(out), await content(join(root, "whole")));
  });
}

/** Writes some rows and leaves. */
async function part(out: string, rows: number): Promise<void> {
  const folder = await LogitsFolder.open(out, plan());
  await folder.append(rowsOf(0, rows));
  await folder.close();
}

test("whatever the sizes of blocks and shards, the same rows come back", async (t) => {
  const root = await freshFolder(t);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      async (rows, shardRows, step) => {
        const out = join(root, String(round++));
        const all = plan({ rows, shardRows });
        await writeAll(out, all, step);
        const values: number[] = [];
        for (const { shard } of await finishedShards(out, all)) {
          values.push(...readNpy(await readFile(join(out, shard))).values);
        }
        t.deepEqual(values, [...rowsOf(0, rows)]);
      },
    ),
    { numRuns: 12 },
  );
});

test("a folder of something else, of other rows, or in use is refused untouched", async (t) => {
  const root = await freshFolder(t);
  const refused = (out: string, message: RegExp, all = plan()) =>
    t.throwsAsync(LogitsFolder.open(out, all), { code: "EXPORT_TARGET", message });
  const other = join(root, "other");
  await mkdir(other, { recursive: true });
  await writeFile(join(other, "thesis.tex"), "x");
  await refused(other, /it holds thesis\.tex/);
  t.deepEqual(await readdir(other), ["thesis.tex"]);
  await refused(join(other, "thesis.tex"), /cannot be read as a folder/);
  const out = join(root, "rows");
  await writeAll(out, plan(), 9);
  const before = await content(out);
  await refused(out, /dtype: "f32" there, "f16" here/, plan({ dtype: "f16" }));
  t.deepEqual(await content(out), before);
  const held = await LogitsFolder.open(out, plan());
  await t.throwsAsync(LogitsFolder.open(out, plan()), { code: "RUN_LOCKED" });
  await t.throwsAsync(held.append(rowsOf(0, 1)), { code: "INTERNAL" });
  await held.close();
});

test("headers end at a multiple of 64, free space is that of the nearest folder", async (t: ExecutionContext) => {
  for (const rows of [1, 9, 10, 12345, 10 ** 9]) {
    const header = npyHeader("f16", rows, 151936);
    t.is(header.length % 64, 0);
    t.true(header.toString("latin1").includes(`'<f2', 'fortran_order': False, 'shape': (${rows}, 151936), }`));
  }
  const root = await freshFolder(t);
  t.true((await freeBytes(join(root, "not", "there", "yet"))) > 0);
});
