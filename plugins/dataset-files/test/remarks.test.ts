import { checkContext, validateOptions } from "@unshift/testkit";
import test from "ava";
import { fault, files, folder, load, write } from "./load.js";

/** What the log says while the samples are read twice. */
async function said(options: object): Promise<string[]> {
  const lines: string[] = [];
  const dataset = await files.create(await validateOptions(files.options, options), {
    ...checkContext(folder),
    log: (level, message) => lines.push(`${level}: ${message}`),
  });
  for (let reading = 0; reading < 2; reading += 1) {
    for await (const { id } of dataset.samples(new AbortController().signal)) if (id === "") throw new Error("no id");
  }
  return lines;
}

test("a field that is nearly one that is read is named once", async (t) => {
  await write(
    "near.jsonl",
    '{"id":1,"instruction":"A?","tag":{"a":1},"refrences":["x"],"topic":"t"}\n{"id":2,"instruction":"B?","tag":{"a":2}}\n',
  );
  t.deepEqual(await said({ path: "near.jsonl" }), [
    'warn: the column "tag" is not read; is "tags" meant?',
    'warn: the column "refrences" is not read; is "reference" meant?',
  ]);
  await write("fine.jsonl", '{"id":1,"instruction":"A?","tag":"x","tags":{"a":1},"turn":3}\n');
  t.deepEqual(await said({ path: "fine.jsonl", fields: { tags: ["tag", "turn"] } }), []);
});

test("empty questions are kept and counted once", async (t) => {
  await write(
    "empty-texts.jsonl",
    '{"id":1,"instruction":""}\n{"id":2,"instruction":"B?"}\n{"id":3,"instruction":""}\n',
  );
  t.is((await load({ path: "empty-texts.jsonl" })).length, 3);
  t.deepEqual(await said({ path: "empty-texts.jsonl" }), ["warn: 2 of the samples ask with an empty text"]);
});

test("a CSV file with semicolons is told from one without the field", async (t) => {
  await write("semicolons.csv", "id;instruction\n1;Who?\n");
  const found = await fault(load({ path: "semicolons.csv" }));
  t.is(found.code, "DATASET_FIELD");
  t.regex(String(found.hint), /separated by `;`/);
  await write("one-column.csv", "prompt\nWho?\n");
  t.notRegex(String((await fault(load({ path: "one-column.csv" }))).hint), /;`/);
});

test("of the train part only what somebody may miss is a warning, and no zero is told", async (t) => {
  await write("asks.jsonl", '{"id":1,"instruction":"A?"}\n');
  await write("pairs.jsonl", '{"instruction":"A?","output":"a"}\n{"instruction":"B?","output":"b"}\n');
  const lines: string[] = [];
  const options = await validateOptions(files.options, { path: "asks.jsonl", train: "pairs.jsonl" });
  const dataset = await files.create(options, {
    ...checkContext(folder),
    log: (level, message) => lines.push(`${level}: ${message}`),
  });
  const ids: string[] = [];
  for await (const { id } of dataset.examples?.(new AbortController().signal) ?? []) ids.push(id);
  t.deepEqual(ids, ["2"]);
  t.deepEqual(lines, ["info: the train part: 2 rows; left out 1 that ask what a sample asks"]);
});
