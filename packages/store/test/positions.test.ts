import { copyFile, mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PositionColumns } from "@unshift/contracts";
import { isUnshiftError } from "@unshift/contracts";
import type { PositionBlock } from "@unshift/contracts/services";
import test from "ava";
import fc from "fast-check";
import { createStore } from "../src/index.js";
import { DuckDbSession } from "../src/positions/duckdb-session.js";
import { PartCatalog } from "../src/positions/part-catalog.js";
import { PositionWriter } from "../src/positions/position-writer.js";
import { readShift } from "../src/positions/read-shift.js";
import { blockOf, columnsOf, freshFolder, manifestOf, tokenOf } from "./run-fixture.js";

const store = createStore();

/** Bytes of every column: equality of doubles to the last bit, -0 and -Infinity included. */
function bytesOf(columns: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value)
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")
        : JSON.stringify(value instanceof Map ? [...value] : value),
    ]),
  );
}

test("positions come back bit by bit", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const odd = [Number.NEGATIVE_INFINITY, -0, 5e-324, 0.1 + 0.2, -1.7976931348623157e308];
  const columns: PositionColumns = {
    ...columnsOf(1, 5, { dropped: true }),
    subjectLogprob: Float64Array.from(odd),
    subjectTopLogprobs: Float64Array.from([...odd, ...odd, ...odd]),
    subjectRank: Int32Array.from([1, 2, 3, 4, 151_936]),
  };
  await run.writePositions(blockOf("a→b", "s1", columns));
  await run.flushPositions();
  const stored = await run.positionsOf("a→b", "s1", "a→b/s1");
  t.deepEqual(bytesOf(stored?.columns ?? {}), bytesOf(columns));
  t.deepEqual(
    stored?.tokens,
    Array.from(columns.tokenIds, (id) => `t${id}`),
  );
  const shift = await run.shiftColumns("a→b", new Set(["a→b/s1"]));
  t.deepEqual(
    bytesOf({ v: shift.subjectLogprob, d: shift.referenceDroppedMass }),
    bytesOf({ v: columns.subjectLogprob, d: columns.referenceDroppedMass }),
  );
  t.deepEqual(
    [...shift.tokenText],
    [...new Set(columns.tokenIds)].sort((a, b) => a - b).map((id) => [id, `t${id}`]),
  );
  t.is(await run.positionsOf("a→b", "s1", "other key"), null);
  t.is(await run.positionsOf("a→c", "s1", "a→b/s1"), null);
  await run.close();
});

test("only the asked shift and keys are read; nothing is no error", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  t.deepEqual(await run.positionKeys(), new Set());
  t.is((await run.shiftColumns("a→b", new Set(["x"]))).position.length, 0);
  await run.writePositions(blockOf("a→b", "s1", columnsOf(1, 3)));
  await run.writePositions(blockOf("a→b", "s2", columnsOf(2, 4)));
  await run.writePositions(blockOf("a→c", "s1", columnsOf(3, 5)));
  await run.writePositions(blockOf("a→c", "empty", columnsOf(4, 0)));
  t.deepEqual(await run.positionKeys(), new Set(), "nothing is on disk before the flush");
  await run.flushPositions();
  t.deepEqual([...(await run.positionKeys())].sort(), ["a→b/s1", "a→b/s2", "a→c/s1"]);
  const columns = await run.shiftColumns("a→b", new Set(["a→b/s2", "a→c/s1"]));
  t.deepEqual(columns.sampleIds, ["s2"]);
  t.deepEqual([...columns.position], [0, 1, 2, 3]);
  t.deepEqual([...columns.length], [4, 4, 4, 4]);
  t.is(columns.referenceDroppedMass, null);
  await run.close();
});

test("sample ids sort by code unit and come back as they were", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  // By UTF-8 bytes U+FF5E would come before U+1F600; by code units it comes after.
  const ids = [
    "\uff5e",
    "\u{1f600}",
    "Z",
    "a",
    "\ud800",
    "\ud801",
    "nul\0id",
    '"quoted"',
    '"\\ud800"',
    "line\nbreak",
    "",
  ];
  for (const [at, id] of ids.entries()) {
    const token = (token: number) => ({ ...tokenOf(token), text: `\ud800\0\n${token}` });
    await run.writePositions({ ...blockOf("a→b", id, columnsOf(at, 2)), token });
  }
  await run.flushPositions();
  const columns = await run.shiftColumns("a→b", await run.positionKeys());
  t.deepEqual(columns.sampleIds, [...ids].sort());
  t.deepEqual(
    [...columns.sample],
    ids.flatMap((_, at) => [at, at]),
  );
  for (const [at, id] of ids.entries()) {
    const stored = await run.positionsOf("a→b", id, `a→b/${id}`);
    t.deepEqual([...(stored?.columns.tokenIds ?? [])], [...columnsOf(at, 2).tokenIds], JSON.stringify(id));
    t.true(stored?.tokens[0]?.startsWith("\ufffd\0\n"));
  }
  await run.close();
});

test("a folder whose name looks like a pattern is read as a name", async (t) => {
  const folder = `${await freshFolder(t)} [a-z]*?'s`;
  const run = await store.create(folder, manifestOf());
  await run.writePositions(blockOf("a→b", "s1", columnsOf(1, 3)));
  await run.flushPositions();
  t.is((await run.shiftColumns("a→b", await run.positionKeys())).position.length, 3);
  t.is((await run.positionsOf("a→b", "s1", "a→b/s1"))?.tokens.length, 3);
  await run.close();
});

test("a key is stored once; the same key in two parts is read once", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  for (let time = 0; time < 3; time += 1) {
    await run.writePositions(blockOf("a→b", "s1", columnsOf(1, 3)));
    if (time > 0) await run.flushPositions();
  }
  const positions = join(folder, "positions");
  const parts = await readdir(positions);
  t.is(parts.length, 1);
  t.regex(parts[0] ?? "", /^part-000001-[0-9a-f]{10}\.parquet$/);
  await copyFile(join(positions, parts[0] ?? ""), join(positions, "part-000007-abcdef.parquet"));
  t.is((await run.shiftColumns("a→b", await run.positionKeys())).position.length, 3);
  await run.writePositions(blockOf("a→b", "s2", columnsOf(2, 3)));
  await run.close();
  t.true(
    (await readdir(positions)).some((name) => name.startsWith("part-000008-")),
    "close flushes, names go on",
  );
});

test("a block with NaN or columns of other lengths is refused", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const nan = { ...columnsOf(1, 2), js: Float64Array.from([0.1, Number.NaN]) };
  t.regex((await t.throwsAsync(run.writePositions(blockOf("a→b", "s1", nan))))?.message ?? "", /js .*NaN/);
  const short = { ...columnsOf(1, 2), subjectTopIds: new Int32Array(5) };
  t.regex((await t.throwsAsync(run.writePositions(blockOf("a→b", "s1", short))))?.message ?? "", /5 values, not 6/);
  await run.close();
  t.deepEqual(await readdir(join(folder, "positions")), []);
});

test("a damaged part is named", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  for (const id of ["s1", "s2"]) {
    await run.writePositions(blockOf("a→b", id, columnsOf(1, 30)));
    await run.flushPositions();
  }
  await run.close();
  const [, second] = (await readdir(join(folder, "positions"))).sort();
  const path = join(folder, "positions", second ?? "");
  await truncate(path, 1000);
  const again = await store.open(folder, { readOnly: true });
  const error = await t.throwsAsync(again.positionKeys());
  t.true(isUnshiftError(error) && error.code === "RUN_CORRUPT");
  t.deepEqual(isUnshiftError(error) ? error.where : null, { file: path });
  await again.close();
  await writeFile(path, "");
  const reader = await store.open(folder, { readOnly: true });
  t.true((await t.throwsAsync(reader.shiftColumns("a→b", new Set())))?.message.includes(path));
  await reader.close();
});

test("property: however blocks are ordered, split and resumed, the content is the same bytes", async (t) => {
  const blocks: PositionBlock[] = [0, 1, 2, 3, 4, 5, 6].map((at) =>
    blockOf(at % 2 === 0 ? "a→b" : "a→c", `s${at % 4}`, columnsOf(at, 1 + at), `key-${at}`),
  );
  const keys = new Set(blocks.map(({ key }) => key));
  const write = async (order: readonly number[], flushes: readonly boolean[], limit: number, reopen: number) => {
    const folder = await freshFolder(t);
    await mkdir(folder);
    const session = new DuckDbSession();
    let writer = new PositionWriter(new PartCatalog(folder, session), session, limit);
    for (const [at, index] of order.entries()) {
      // A crash before the flush: what was only buffered is lost and comes again, as a resumed run does.
      if (at === reopen) writer = new PositionWriter(new PartCatalog(folder, session), session, limit);
      const block = blocks[index];
      if (block !== undefined) await writer.write(block);
      if (flushes[at] === true) await writer.flush();
    }
    for (const block of blocks) await writer.write(block);
    await writer.flush();
    const catalog = new PartCatalog(folder, session);
    const content = await Promise.all(["a→b", "a→c"].map((shift) => readShift(session, catalog, shift, keys)));
    await session.close();
    return content.map(bytesOf);
  };
  const plain = await write([], [], 1000, -1);
  t.is(plain.length, 2);
  const order = fc.shuffledSubarray(blocks.map((_, at) => at));
  await fc.assert(
    fc.asyncProperty(
      order,
      fc.array(fc.boolean(), { maxLength: 7 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(7),
      async (...how) => {
        t.deepEqual(await write(...how), plain);
      },
    ),
    { numRuns: 15 },
  );
});
