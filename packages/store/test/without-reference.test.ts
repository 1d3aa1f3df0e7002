import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type AnsweredRecord, isUnshiftError } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { createStore } from "../src/index.js";
import { DuckDbSession, sqlPaths } from "../src/positions/duckdb-session.js";
import { answerOf, blockOf, columnsOf, freshFolder, manifestOf, sampleOf, withoutReference } from "./run-fixture.js";

const store = createStore();

test("property: blocks with and without a reference come back as they were, in one part", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  let time = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ length: fc.integer({ min: 1, max: 30 }), topK: fc.nat(4), known: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (made) => {
        time += 1;
        const blocks = made.map(({ length, topK, known }, at) => {
          const columns = columnsOf(at + 31 * time, length, { topK });
          return blockOf(`${known ? "a" : "gpt-4"}→b`, `s${time}-${at}`, known ? columns : withoutReference(columns));
        });
        for (const block of blocks) await run.writePositions(block);
        await run.flushPositions();
        for (const { shift, sampleId, key, columns } of blocks) {
          t.deepEqual((await run.positionsOf(shift, sampleId, key))?.columns, columns);
        }
        for (const shift of ["a→b", "gpt-4→b"]) {
          const own = blocks.filter((block) => block.shift === shift);
          const read = await run.shiftColumns(shift, new Set(own.map(({ key }) => key)));
          t.is(read.withoutReference, own[0]?.columns.withoutReference);
          for (const name of ["klReferenceSubject", "referenceRank", "subjectRank", "subjectLogprob"] as const) {
            t.deepEqual(
              [...read[name]],
              own.flatMap(({ columns }) => [...columns[name]]),
              name,
            );
          }
        }
      },
    ),
    { numRuns: 20 },
  );
  await run.close();
});

test("a part holds NULL where there is no reference, and figures everywhere else", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  await run.writePositions(blockOf("gpt-4→b", "s1", withoutReference(columnsOf(1, 4))));
  await run.close();
  const parts = (await readdir(join(folder, "positions"))).map((name) => join(folder, "positions", name));
  const session = new DuckDbSession();
  t.teardown(() => session.close());
  const [row = {}] = await session.use(async (connection) =>
    (await connection.runAndReadAll(`SELECT COLUMNS(*) FROM read_parquet(${sqlPaths(parts)})`)).getRowObjects(),
  );
  t.deepEqual(
    Object.keys(row).filter((name) => row[name] === null),
    [
      "reference_logprob",
      "reference_rank",
      "kl_reference_subject",
      "kl_subject_reference",
      "js",
      "tv",
      "reference_entropy",
      "reference_top_ids",
      "reference_top_logprobs",
      "reference_dropped_mass",
      "subject_dropped_mass",
    ],
  );
});

test("figures of a reference that is not there are refused, and NaN where there is one", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const lost = withoutReference(columnsOf(1, 2));
  const claimed = { ...lost, referenceRank: Int32Array.from([0, 1]) };
  t.regex(
    (await t.throwsAsync(run.writePositions(blockOf("a→b", "s1", claimed))))?.message ?? "",
    /referenceRank .*not there/,
  );
  const { withoutReference: _, ...unmarked } = lost;
  t.regex((await t.throwsAsync(run.writePositions(blockOf("a→b", "s1", unmarked))))?.message ?? "", /NaN/);
  const subject = { ...lost, subjectLogprob: Float64Array.from([-1, Number.NaN]) };
  t.regex(
    (await t.throwsAsync(run.writePositions(blockOf("a→b", "s1", subject))))?.message ?? "",
    /subjectLogprob.*NaN/,
  );
  await run.close();
});

test("one shift is with a reference or without", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  await run.writePositions(blockOf("a→b", "s1", columnsOf(1, 2)));
  await run.writePositions(blockOf("a→b", "s2", withoutReference(columnsOf(2, 2))));
  await run.flushPositions();
  t.is((await run.shiftColumns("a→b", new Set(["a→b/s1"]))).withoutReference, undefined);
  t.true((await run.shiftColumns("a→b", new Set(["a→b/s2"]))).withoutReference);
  const error = await t.throwsAsync(run.shiftColumns("a→b", await run.positionKeys()));
  t.true(isUnshiftError(error) && error.code === "RUN_CORRUPT");
  await run.close();
});

test("an answer made elsewhere, a runaway repetition and the second turn of a chat come back as they were", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const imported: AnsweredRecord = {
    ...answerOf("gpt-4", "s1"),
    finishReason: "unknown",
    repetition: { period: 2, times: 9, start: 40 },
    imported: { sha256: "ab".repeat(32), generator: null },
  };
  await run.appendAnswer(imported);
  const second = { ...sampleOf("s1-2", "And then?"), follows: "s1" };
  await run.writeSamples([sampleOf("s1"), second]);
  await run.close();
  const again = await store.open(folder, { readOnly: true });
  t.deepEqual(await again.answers(), [imported]);
  t.deepEqual((await again.samples())[1], second);
  await again.close();
});
