import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerRecord } from "@unshift/contracts";
import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { createStore } from "../src/index.js";
import { dropTornLine, readRecords } from "../src/record-file.js";
import { RecordLog } from "../src/record-log.js";
import { answerOf, freshFolder, manifestOf, sampleOf, verdictOf } from "./run-fixture.js";

const store = createStore();
async function collect(path: string): Promise<object[]> {
  const records: object[] = [];
  for await (const record of readRecords(path)) records.push(record);
  return records;
}

const hostile = ["\ud800", "a\0b", "line\nbreak\u2028\u2029", '"quoted"', "\udfff\ud83d\ude00", "__proto__", ""];

test("the last record of each (system, sample) counts, in file order", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const failed: AnswerRecord = {
    key: "k",
    system: "base",
    sampleId: "s1",
    status: "failed",
    reason: { code: "DECODE_FAILED", message: "no" },
    promptTokens: null,
    contextSize: null,
  };
  await run.appendAnswer(failed);
  await run.appendAnswer(answerOf("base", "s2"));
  await run.appendAnswer(answerOf("urial", "s1"));
  await run.appendAnswer(answerOf("base", "s1"));
  t.deepEqual(await run.answers(), [answerOf("base", "s2"), answerOf("urial", "s1"), answerOf("base", "s1")]);
  await run.appendVerdict(verdictOf("j1", "base", "s1", 0));
  await run.appendVerdict(verdictOf("j2", "base", "s1", 1));
  await run.appendVerdict(verdictOf("j1", "base", "s1", 1));
  t.deepEqual(await run.verdicts(), [verdictOf("j2", "base", "s1", 1), verdictOf("j1", "base", "s1", 1)]);
  t.deepEqual(await run.comparisons(), []);
  await run.close();
});

test("a ledger gives back the last value of each name, and what was taken out; a torn last line never was", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  t.deepEqual(await run.ledger(), []);
  const first = { engine: "e1", name: "file-1", value: { batch: null, keys: ["k1", "k2"] } };
  const made = { ...first, value: { batch: "b1", keys: ["k1", "k2"] } };
  const other = { ...first, engine: "e2", value: null };
  for (const record of [first, other, made]) await run.appendLedger(record);
  t.deepEqual(await run.ledger(), [other, made]);
  await run.close();
  await appendFile(join(folder, "ledger.jsonl"), '{"engine":"e1","name":"file-2","val');
  const again = await store.open(folder);
  t.deepEqual(await again.ledger(), [other, made]);
  await again.appendLedger({ ...first, name: "file-3" });
  t.is((await again.ledger()).length, 3);
  await again.close();
});

test("samples keep their order and every text survives", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const samples = hostile.map((text, at) => sampleOf(`${at}-${text}`, text));
  await run.writeSamples(samples.toReversed());
  await run.writeSamples(samples);
  t.deepEqual(await run.samples(), samples);
  for (const text of hostile) await run.appendAnswer(answerOf(text, text, text));
  await run.close();
  const again = await store.open(folder, { readOnly: true });
  t.deepEqual(
    await again.answers(),
    hostile.map((text) => answerOf(text, text, text)),
  );
  await again.close();
});

test("appends at the same time are all on disk, whole, in the order they were given", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const records = Array.from({ length: 1500 }, (_, at) => answerOf("base", `s${at}`, "x".repeat(at % 700)));
  await Promise.all(records.map((record) => run.appendAnswer(record)));
  // Read by another handle before anything is closed: the promises said "durable".
  const lines = (await readFile(join(folder, "answers.jsonl"), "utf8")).trimEnd().split("\n");
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    records,
  );
  await run.close();
});

for (const [name, tail] of [
  ["without newline", '{"key":"k","system":"base","sam'],
  ["whole but without newline", JSON.stringify(answerOf("base", "s9"))],
  ["that is not JSON", '{"key":\u0000\u0000}\n'],
  ["that is no object", "17\n"],
] as const) {
  test(`a last line ${name} is passed over by a reader and dropped by a writer`, async (t) => {
    const folder = await freshFolder(t);
    const run = await store.create(folder, manifestOf());
    await run.appendAnswer(answerOf("base", "s1"));
    await run.appendAnswer(answerOf("base", "s2"));
    await run.close();
    const path = join(folder, "answers.jsonl");
    const whole = await readFile(path, "utf8");
    await appendFile(path, tail);
    const reader = await store.open(folder, { readOnly: true });
    t.is((await reader.answers()).length, 2);
    await reader.close();
    t.is(await readFile(path, "utf8"), whole + tail);
    const writer = await store.open(folder);
    t.is(await readFile(path, "utf8"), whole);
    await writer.appendAnswer(answerOf("base", "s3"));
    t.is((await writer.answers()).length, 3);
    await writer.close();
  });
}

test("a damaged line before the last is RUN_CORRUPT with file and line", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  for (const id of ["s1", "s2", "s3"]) await run.appendAnswer(answerOf("base", id));
  const path = join(folder, "answers.jsonl");
  const lines = (await readFile(path, "utf8")).split("\n");
  for (const damage of ['{"system":', "[]", "", '{"system":"base"}']) {
    await writeFile(path, lines.with(1, damage).join("\n"));
    const error = await t.throwsAsync(run.answers());
    t.true(isUnshiftError(error) && error.code === "RUN_CORRUPT");
    t.deepEqual(isUnshiftError(error) ? error.where : null, { file: path, line: 2 });
  }
  await writeFile(path, Buffer.concat([Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from(lines.join("\n"))]));
  t.regex((await t.throwsAsync(run.answers()))?.message ?? "", /answers\.jsonl:1 /);
  await run.close();
});

test("a number JSON cannot hold is refused, not stored as null", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const error = await t.throwsAsync(run.appendVerdict(verdictOf("j", "base", "s1", Number.NaN)));
  t.regex(error?.message ?? "", /NaN at "accuracy"/);
  t.deepEqual(await run.verdicts(), []);
  await run.close();
});

test("the log is kept, one object a line", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  run.log({ event: "start" });
  run.log({ event: "end\n" });
  await run.close();
  const lines = (await readFile(join(folder, "log.jsonl"), "utf8")).trimEnd().split("\n");
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [{ event: "start" }, { event: "end\n" }],
  );
});

test("property: a log cut at any byte keeps exactly the records before the cut", async (t) => {
  const path = await freshFolder(t);
  const text = fc.string({ unit: "binary", maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ text }), { minLength: 1, maxLength: 6 }), fc.nat(), async (records, at) => {
      await writeFile(path, "");
      const log = new RecordLog(path);
      await Promise.all(records.map((record) => log.append(record)));
      await log.close();
      const bytes = await readFile(path);
      const cut = at % (bytes.length + 1);
      await writeFile(path, bytes.subarray(0, cut));
      const whole = bytes.subarray(0, cut).filter((byte) => byte === 0x0a).length;
      const seen = await collect(path);
      await dropTornLine(path);
      const kept = await collect(path);
      t.deepEqual(seen, records.slice(0, whole));
      t.deepEqual(kept, records.slice(0, whole));
      t.is((await readFile(path)).length, bytes.subarray(0, cut).lastIndexOf(0x0a) + 1);
    }),
    { numRuns: 60 },
  );
});
