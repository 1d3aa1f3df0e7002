import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Example, type HubFiles, UnshiftError } from "@unshift/contracts";
import test from "ava";
import { splitFiles } from "../src/choose-files.js";
import { commit, fault, folder, folderHub, load, open, write } from "./workshop.js";

const jsonl = await write("plain.jsonl", '\uFEFF{"instruction":"one"}\r\n\r\n{"instruction":"two"}\r\n');

test("a dataset's JSONL rows become samples, numbered where no column is the id", async (t) => {
  const hub = folderHub({ "data/test.jsonl": jsonl, "data/train.jsonl": jsonl });
  const samples = await load("hf", { repo: "acme/thing" }, hub);
  t.deepEqual(
    samples.map(({ id, messages }) => [id, messages[0]?.content]),
    [
      ["1", "one"],
      ["2", "two"],
    ],
  );
  const { provenance } = await open("hf", { repo: "acme/thing", revision: "v2" }, hub);
  t.deepEqual(provenance, { repo: "acme/thing", revision: "v2", commit, files: ["data/test.jsonl"] });
});

test("Parquet shards are read in order, with mapped columns", async (t) => {
  const database = await (await DuckDBInstance.create()).connect();
  for (const [shard, from] of [
    [0, 0],
    [1, 3],
  ] as const) {
    await database.run(
      `COPY (SELECT 10 + i AS key, 'question ' || i AS prompt, ['a', 'b'] AS labels, i % 2 = 0 AS even, 'answer' AS gold
        FROM range(${from}, ${from + 3}) AS t(i)) TO '${join(folder, `shard-${shard}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  const hub = folderHub({
    "easy/train-00000-of-00002.parquet": "shard-0.parquet",
    "easy/train-00001-of-00002.parquet": "shard-1.parquet",
    "hard/train-00000-of-00001.parquet": "shard-1.parquet",
  });
  const options = {
    repo: "acme/thing",
    config: "easy",
    split: "train",
    fields: { id: "key", instruction: "prompt", reference: "gold", tags: { label: "labels", even: "even" } },
  };
  const samples = await load("hf", options, hub);
  t.deepEqual(
    samples.map(({ id }) => id),
    ["10", "11", "12", "13", "14", "15"],
  );
  t.deepEqual(samples[3], {
    id: "13",
    messages: [{ role: "user", content: "question 3" }],
    reference: ["answer"],
    tags: { label: ["a", "b"], even: ["false"] },
  });
  const wrong = await fault(t, load("hf", { ...options, fields: { instruction: "labels" } }, hub));
  t.is(wrong.code, "DATASET_FIELD");
  t.regex(wrong.message, /row 1: "labels" is \["a","b"\]\. Wanted: text/);
  t.true(wrong.where?.file.endsWith("shard-0.parquet"));
  const chosen = await load("hf", { ...options, files: ["hard/train-00000-of-00001.parquet"] }, hub);
  t.deepEqual(
    chosen.map(({ id }) => id),
    ["13", "14", "15"],
  );
});

test("chats are taken as they are, and must end with the user", async (t) => {
  const chat = [
    { role: "user", content: "hello" },
    { role: "assistant", content: "hi" },
    { role: "user", content: "how are you" },
  ];
  const options = { repo: "acme/thing", fields: { messages: "chat" } };
  const good = folderHub({ "test.jsonl": await write("chat.jsonl", JSON.stringify({ chat })) });
  t.deepEqual((await load("hf", options, good))[0]?.messages, chat);
  const bad = folderHub({ "test.jsonl": await write("open-chat.jsonl", JSON.stringify({ chat: chat.slice(0, 2) })) });
  t.regex((await fault(t, load("hf", options, bad))).message, /does not end with the user/);
});

test("a split is a word of the path; what is not certain is asked for", async (t) => {
  t.deepEqual(splitFiles(["main/test/0000.parquet", "main/test/0001.parquet", "latest.jsonl"], "test", undefined), [
    "main/test/0000.parquet",
    "main/test/0001.parquet",
  ]);
  const two = await fault(t, load("hf", { repo: "a/b" }, folderHub({ "x/test.jsonl": jsonl, "y/test.jsonl": jsonl })));
  t.is(two.code, "DATASET_NOT_FOUND");
  t.regex(two.message, /several files .* x\/test\.jsonl, y\/test\.jsonl/);
  const none = await fault(
    t,
    load("hf", { repo: "a/b", split: "dev" }, folderHub({ "test.jsonl": jsonl, "x.csv": jsonl })),
  );
  t.regex(none.message, /split "dev"\. The repository holds test\.jsonl/);
  t.regex(none.hint ?? "", /refs\/convert\/parquet/);
  const named = await fault(t, load("hf", { repo: "a/b", files: ["x.csv"] }, folderHub({ "x.csv": jsonl })));
  t.is(named.code, "DATASET_SYNTAX");
  t.is(
    (await fault(t, load("hf", { repo: "a/b", files: ["y.jsonl"] }, folderHub({ "x.csv": jsonl })))).code,
    "DATASET_NOT_FOUND",
  );
});

test("MT-bench is read from the question file and from its copy on the hub, both turns of it", async (t) => {
  const rows = [
    { question_id: 81, category: "writing", turns: ["write", "again"] },
    { question_id: 101, category: "reasoning", turns: ["think", "more"], reference: ["first", "second"] },
  ];
  const path = await write("question.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const hub = folderHub({ "raw/question.jsonl": path });
  const samples = await load("mt-bench", {}, hub);
  t.deepEqual(samples.slice(0, 2), [
    {
      id: "81",
      messages: [{ role: "user", content: "write" }],
      reference: [],
      tags: { category: ["writing"], turn: ["1"] },
    },
    {
      id: "81-2",
      follows: "81",
      messages: [{ role: "user", content: "again" }],
      reference: [],
      tags: { category: ["writing"], turn: ["2"] },
    },
  ]);
  t.deepEqual(
    samples.map(({ id, follows }) => [id, follows]),
    [
      ["81", undefined],
      ["81-2", "81"],
      ["101", undefined],
      ["101-2", "101"],
    ],
  );
  t.true(
    samples.every(({ reference }) => reference.length === 0),
    "a model answer is no statement a right answer holds",
  );
  t.deepEqual(
    (await load("mt-bench", { turns: 1 }, hub)).map(({ id, tags }) => [id, tags.turn]),
    [
      ["81", ["1"]],
      ["101", ["1"]],
    ],
  );
  await t.throwsAsync(load("mt-bench", { turns: 3 }, hub));
  const copy = await write(
    "copy.jsonl",
    JSON.stringify({ prompt_id: 5, category: "math", prompt: ["add", "more"], reference: [] }),
  );
  t.deepEqual(
    (await load("mt-bench", { path: copy })).map(({ id, messages }) => [id, messages[0]?.content]),
    [
      ["5", "add"],
      ["5-2", "more"],
    ],
  );
  const short = await write(
    "short.jsonl",
    `${JSON.stringify(rows[0])}\n${JSON.stringify({ question_id: 1, turns: ["x"] })}`,
  );
  const fewer = await fault(t, load("mt-bench", { path: short }));
  t.deepEqual([fewer.code, fewer.where?.line], ["DATASET_FIELD", 2]);
  t.regex(fewer.message, /"turns" holds 1 of the 2 turns/);
  t.is((await load("mt-bench", { path: short, turns: 1 })).length, 2);
});

test("a fault of the hub leaves the place to the host and keeps the cache in its message", async (t) => {
  const offline = new UnshiftError("HUB_OFFLINE", "the list is not in the cache", {
    where: { file: "/cache" },
    hint: "unshift pull",
  });
  const failing = { list: () => Promise.reject(offline), fetch: () => Promise.reject(offline) };
  const cut = { ...folderHub({ "raw/question.jsonl": jsonl }), fetch: () => Promise.reject(offline) };
  for (const [id, hub] of [
    ["just-eval", failing],
    ["mt-bench", cut],
  ] as const) {
    const found = await fault(t, open(id, {}, hub));
    t.is(found.code, "HUB_OFFLINE");
    t.is(found.where, undefined);
    t.is(found.message, "the list is not in the cache (cache: /cache)");
    t.is(found.hint, "unshift pull");
  }
});

async function examplesOf(options: object, hub: HubFiles): Promise<Example[]> {
  const found: Example[] = [];
  const dataset = await open("hf", { repo: "acme/thing", ...options }, hub);
  for await (const example of dataset.examples?.(new AbortController().signal) ?? []) found.push(example);
  return found;
}
const lines = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

test("the train part of a repository: its split, its columns, none of the samples", async (t) => {
  const train = await write(
    "train.jsonl",
    lines(
      { instruction: "ONE ", output: "a sample" },
      { instruction: "two?", output: "a sample too" },
      { instruction: "three", output: "3" },
      { instruction: "four", input: "text", output: "4" },
    ),
  );
  const hub = folderHub({ "data/test.jsonl": jsonl, "data/train.jsonl": train });
  t.deepEqual(await examplesOf({ split: "test", train: {} }, hub), [{ id: "3", instruction: "three", output: "3" }]);
  const both = await open("hf", { repo: "acme/thing", split: "test", train: {} }, hub);
  t.like(both.provenance, { files: ["data/test.jsonl"], train: { files: ["data/train.jsonl"], commit } });
  t.is((await load("hf", { repo: "acme/thing", split: "test", train: {} }, hub)).length, 2);
  t.is((await open("hf", { repo: "acme/thing" }, hub)).examples, undefined);
  const alone = { repo: "acme/thing", train: {} };
  t.is((await examplesOf(alone, hub)).length, 3, "a train part alone holds no sample");
  const none = await fault(t, load("hf", alone, hub));
  t.is(none.code, "DATASET_EMPTY");
  t.regex(none.hint ?? "", /split: test/);
});

test("train rows by other names, or chats, with their ids", async (t) => {
  const other = await write("other.jsonl", lines({ key: "x", q: "Who?", a: "I.", context: "" }));
  const fields = { id: "key", instruction: "q", output: "a", input: "context" };
  t.deepEqual(await examplesOf({ train: { fields } }, folderHub({ "train.jsonl": other })), [
    { id: "x", instruction: "Who?", output: "I." },
  ]);
  const chat = (...said: readonly string[]) => ({
    chat: said.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content })),
  });
  const chats = await write("chats.jsonl", lines(chat("Who?", "I.", "You?", "You."), chat("Alone?")));
  const files = { files: ["chats.jsonl"], fields: { messages: "chat" } };
  t.deepEqual(await examplesOf({ train: files }, folderHub({ "chats.jsonl": chats })), [
    { id: "1", instruction: "Who?", output: "I." },
  ]);
});

test("faults of train rows name file, line and column", async (t) => {
  const faults = [
    [lines({ instruction: "a", output: "b" }, { instruction: "c", output: 4 }), {}, /"output" is 4\. Wanted: text/, 2],
    [lines({ instruction: "a" }), {}, /no column "output"; there are instruction/, 1],
    [lines({ instruction: "a", output: "b" }), { id: "key" }, /no column "key"/, 1],
    [
      lines({ id: 1, instruction: "a", output: "b" }, { id: 1, instruction: "c", output: "d" }),
      { id: "id" },
      /id "1"/,
      2,
    ],
    [lines({ chat: "a" }), { messages: "chat" }, /"chat" is "a"\. Wanted: a list/, 1],
  ] as const;
  for (const [index, [content, fields, message, line]] of faults.entries()) {
    const name = await write(`train-fault-${index}.jsonl`, content);
    const found = await fault(t, examplesOf({ train: { fields } }, folderHub({ "train.jsonl": name })));
    t.regex(found.message, message);
    t.is(found.where?.line, line);
    t.true(found.where?.file.endsWith(name));
  }
  const database = await (await DuckDBInstance.create()).connect();
  await database.run(
    `COPY (SELECT 'q' || i AS instruction, i AS output FROM range(3) t(i)) TO '${join(folder, "train-fault.parquet")}' (FORMAT parquet)`,
  );
  const parquet = await fault(t, examplesOf({ train: {} }, folderHub({ "train.parquet": "train-fault.parquet" })));
  t.regex(parquet.message, /^row 1: "output" is 0\. Wanted: text/);
});
