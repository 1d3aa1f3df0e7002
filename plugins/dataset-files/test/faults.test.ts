import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createForCheck } from "@unshift/testkit";
import test from "ava";
import { fault, files, folder, load, write } from "./load.js";

const cases: readonly {
  readonly name: string;
  readonly file: string;
  readonly content: string | Uint8Array;
  readonly options?: object;
  readonly code: string;
  readonly message: RegExp;
  readonly line?: number;
  readonly column?: number;
}[] = [
  {
    name: "a line that is not JSON",
    file: "bad.jsonl",
    content: '{"id":"1","instruction":"a"}\n\n{"id":"2",}\n',
    code: "DATASET_SYNTAX",
    message: /not JSON/,
    line: 3,
  },
  {
    name: "an array that is not JSON",
    file: "bad.json",
    content: '[\n {"id":"1","instruction":"a"},\n {"id":"2" "x":1}\n]',
    code: "DATASET_SYNTAX",
    message: /not JSON/,
    line: 3,
  },
  {
    name: "a JSON file that is no array",
    file: "object.json",
    content: '\n{"id":"1"}',
    code: "DATASET_SYNTAX",
    message: /array of samples/,
    line: 2,
  },
  {
    name: "an array that is not closed",
    file: "open.json",
    content: '[\n{"id":"1","instruction":"]"}\n',
    code: "DATASET_SYNTAX",
    message: /not closed/,
    line: 2,
  },
  {
    name: "a comma too many",
    file: "comma.json",
    content: '[\n{"id":"1","instruction":"a"},\n]',
    code: "DATASET_SYNTAX",
    message: /no value before "]"/,
    line: 3,
  },
  {
    name: "text behind the array",
    file: "behind.json",
    content: '[{"id":"1","instruction":"a"}]\n\nx',
    code: "DATASET_SYNTAX",
    message: /behind the end/,
    line: 3,
  },
  {
    name: "a CSV quote that is not closed",
    file: "bad.csv",
    content: 'id,instruction\n1,a\n2,"b\n',
    code: "DATASET_SYNTAX",
    message: /not CSV/,
  },
  {
    name: "a CSV line with too many cells",
    file: "cells.csv",
    content: "id,instruction\n1,a\n2,b,c\n",
    code: "DATASET_SYNTAX",
    message: /not CSV/,
    line: 3,
  },
  {
    name: "two columns of one name",
    file: "twice.csv",
    content: "id,id\n1,a\n",
    code: "DATASET_SYNTAX",
    message: /two columns are named "id"/,
    line: 1,
  },
  {
    name: "bytes that are no UTF-8, in JSONL",
    file: "latin.jsonl",
    content: Buffer.from('{"id":"1","instruction":"a"}\n{"id":"2","instruction":"\xE9"}', "latin1"),
    code: "DATASET_SYNTAX",
    message: /not UTF-8/,
    line: 2,
  },
  {
    name: "bytes that are no UTF-8, in CSV",
    file: "latin.csv",
    content: Buffer.from("id,instruction\n1,a\n2,\xE9\n", "latin1"),
    code: "DATASET_SYNTAX",
    message: /not UTF-8/,
    line: 3,
  },
  {
    name: "bytes that are no UTF-8, in JSON",
    file: "latin.json",
    content: Buffer.from('[\n{"id":"\xE9"}]', "latin1"),
    code: "DATASET_SYNTAX",
    message: /not UTF-8/,
    line: 2,
  },
  {
    name: "a file that is not Parquet",
    file: "bad.parquet",
    content: "PAR1 but not really, a few more bytes",
    code: "DATASET_SYNTAX",
    message: /not a Parquet file/,
  },
  {
    name: "a format nobody knows",
    file: "data.xls",
    content: "x",
    code: "DATASET_SYNTAX",
    message: /format of "data\.xls".*\.jsonl/,
  },
  {
    name: "two equal ids",
    file: "ids.jsonl",
    content: '{"id":"x","instruction":"a"}\n{"id":"y","instruction":"b"}\n{"id":"x","instruction":"c"}',
    code: "DATASET_DUPLICATE_ID",
    message: /"x" stands at .*ids\.jsonl:1 already/,
    line: 3,
  },
  {
    name: "two equal ids in a JSON array",
    file: "ids.json",
    content: '[\n{"id":1,"instruction":"a"},\n\n{"id":"1","instruction":"b"}]',
    code: "DATASET_DUPLICATE_ID",
    message: /ids\.json:2 already/,
    line: 4,
  },
  {
    name: "the same chat twice, without ids",
    file: "same.csv",
    content: "instruction\na\nb\na\n",
    code: "DATASET_DUPLICATE_ID",
    message: /same chat stands at .*same\.csv:2 already/,
    line: 4,
  },
  {
    name: "an id that is missing once",
    file: "some.jsonl",
    content: '{"id":"1","instruction":"a"}\n{"instruction":"b"}',
    code: "DATASET_FIELD",
    message: /no "id", but the others have/,
    line: 2,
  },
  {
    name: "an id that is there once",
    file: "one.jsonl",
    content: '{"instruction":"a"}\n{"id":"1","instruction":"b"}',
    code: "DATASET_FIELD",
    message: /has an "id"/,
    line: 2,
  },
  {
    name: "an id that is an object",
    file: "id.jsonl",
    content: '{"id":{},"instruction":"a"}',
    code: "DATASET_FIELD",
    message: /"id" is a text or a number, not an object/,
    line: 1,
  },
  {
    name: "a sample that is a number",
    file: "number.jsonl",
    content: "7",
    code: "DATASET_FIELD",
    message: /an object, not a number/,
    line: 1,
  },
  {
    name: "a mistyped field",
    file: "typo.jsonl",
    content: '{"id":"1","instrution":"a"}',
    code: "DATASET_FIELD",
    message:
      /neither "instruction" nor "messages" nor "turns"; its fields are "id", "instrution", known are .*is "instrution" meant for "instruction"\?/,
    line: 1,
  },
  {
    name: "another name",
    file: "prompt.csv",
    content: "id,prompt\n1,a\n",
    code: "DATASET_FIELD",
    message: /its fields are "id", "prompt"/,
    line: 2,
  },
  {
    name: "an instruction that is a number",
    file: "type.jsonl",
    content: '{"id":"1","instruction":7}',
    code: "DATASET_FIELD",
    message: /"instruction" is a text, not a number/,
    line: 1,
  },
  {
    name: "instruction and messages",
    file: "both.jsonl",
    content: '{"id":"1","instruction":"a","messages":[{"role":"user","content":"b"}]}',
    code: "DATASET_FIELD",
    message: /both/,
    line: 1,
  },
  {
    name: "no message",
    file: "none.jsonl",
    content: '{"id":"1","messages":[]}',
    code: "DATASET_FIELD",
    message: /not an empty list/,
    line: 1,
  },
  {
    name: "an unknown role",
    file: "role.jsonl",
    content: '{"id":"1","messages":[{"role":"human","content":"b"}]}',
    code: "DATASET_FIELD",
    message: /role "human"; allowed are "system", "user", "assistant"/,
    line: 1,
  },
  {
    name: "a message without text",
    file: "content.jsonl",
    content: '{"id":"1","messages":[{"role":"user"}]}',
    code: "DATASET_FIELD",
    message: /content of message 1 .* not missing/,
    line: 1,
  },
  {
    name: "a chat that ends with the assistant",
    file: "last.jsonl",
    content: '{"id":"1","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}',
    code: "DATASET_FIELD",
    message: /last message .* not the assistant's/,
    line: 1,
  },
  {
    name: "messages that are no JSON in a cell",
    file: "cell.csv",
    content: "id,messages\n1,hello\n",
    code: "DATASET_FIELD",
    message: /cell "messages" is not JSON/,
    line: 2,
  },
  {
    name: "a reference that is a number",
    file: "ref.jsonl",
    content: '{"id":"1","instruction":"a","reference":["x",7]}',
    code: "DATASET_FIELD",
    message: /"reference" is a text or a list of texts, not a list with a number/,
    line: 1,
  },
  {
    name: "tags that are a text",
    file: "tags.jsonl",
    content: '{"id":"1","instruction":"a","tags":"fact"}',
    code: "DATASET_FIELD",
    message: /"tags" is an object of tags/,
    line: 1,
  },
  {
    name: "a tag that is an object",
    file: "tag.jsonl",
    content: '{"id":"1","instruction":"a","tags":{"kind":{}}}',
    code: "DATASET_FIELD",
    message: /tag "kind" .* not an object/,
    line: 1,
  },
  {
    name: "a mapped column that no row has",
    file: "absent.jsonl",
    content: '{"id":"1","instruction":"a","gold":"x"}',
    options: { fields: { reference: "golden" } },
    code: "DATASET_FIELD",
    message: /column "golden", which no row has; there are "id", "instruction", "gold"/,
  },
  {
    name: "a mapped id that is missing",
    file: "noid.jsonl",
    content: '{"instruction":"a"}',
    options: { fields: { id: "nr" } },
    code: "DATASET_FIELD",
    message: /no "nr"/,
    line: 1,
  },
  { name: "an empty JSONL file", file: "empty.jsonl", content: "\n \n", code: "DATASET_EMPTY", message: /no sample/ },
  { name: "an empty JSON file", file: "empty.json", content: "", code: "DATASET_EMPTY", message: /no sample/ },
  { name: "an empty array", file: "array.json", content: " [ ] ", code: "DATASET_EMPTY", message: /no sample/ },
  {
    name: "a CSV file with a header only",
    file: "header.csv",
    content: "id,instruction\n",
    code: "DATASET_EMPTY",
    message: /no sample/,
  },
  { name: "an empty Parquet file", file: "empty.parquet", content: "", code: "DATASET_EMPTY", message: /no sample/ },
];

for (const { name, file, content, options, code, message, line, column } of cases) {
  test(`refused: ${name}`, async (t) => {
    const path = await write(`fault-${file}`, content);
    const found = await fault(load({ path, ...options }));
    t.is(found.code, code, found.message);
    t.regex(
      found.message,
      new RegExp(message.source.replace(/(?<![\w-])(data|ids|same)\\\./g, "fault-$1\\."), message.flags),
    );
    t.is(found.file, join(folder, path));
    if (line !== undefined) t.is(found.line, line);
    if (column !== undefined) t.is(found.column, column);
  });
}

test("the column is told where JSON.parse tells it", async (t) => {
  await write("column.jsonl", '{"id":"1" "x":2}\n');
  t.is((await fault(load({ path: "column.jsonl" }))).column, 11);
  await write("column.json", '[\n  {"id":"1",\n   "a" "x":2}]');
  const found = await fault(load({ path: "column.json" }));
  t.deepEqual([found.line, found.column], [3, 8]);
});

test("a missing file, a folder: where they were sought", async (t) => {
  const missing = await fault(load({ path: "./nowhere.jsonl" }));
  t.is(missing.code, "DATASET_NOT_FOUND");
  t.is(missing.file, join(folder, "nowhere.jsonl"));
  await mkdir(join(folder, "folder.json"), { recursive: true });
  t.regex((await fault(load({ path: "folder.json" }))).message, /not a file/);
});

test("ids of two files clash too", async (t) => {
  await write("first.jsonl", '{"id":"x","instruction":"a"}');
  await write("second.csv", "id,instruction\ny,b\nx,c\n");
  const found = await fault(load({ path: ["first.jsonl", "second.csv"] }));
  t.is(found.code, "DATASET_DUPLICATE_ID");
  t.is(found.line, 3);
  t.true(found.message.includes(`${join(folder, "first.jsonl")}:1`));
});

test("a signal ends the reading", async (t) => {
  await write(
    "long.jsonl",
    Array.from({ length: 100 }, (_, id) => JSON.stringify({ id, instruction: "a" })).join("\n"),
  );
  const dataset = await createForCheck(files, { options: { path: "long.jsonl" }, folder });
  const controller = new AbortController();
  let seen = 0;
  const reading = (async () => {
    for await (const _ of dataset.samples(controller.signal)) {
      seen += 1;
      if (seen === 3) controller.abort();
    }
  })();
  const found = await fault(reading);
  t.is(found.code, "ABORTED");
  t.is(seen, 3);
});

test("unknown options are refused", async (t) => {
  await t.throwsAsync(load({ path: "x.jsonl", field: {} }), { message: /additional properties/ });
  await t.throwsAsync(load({}), { message: /required property 'path'/ });
});
