import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
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

test("MT-bench is read from the question file and from its copy on the hub", async (t) => {
  const rows = [
    { question_id: 81, category: "writing", turns: ["write", "again"] },
    { question_id: 101, category: "reasoning", turns: ["think", "more"], reference: ["first", "second"] },
  ];
  const path = await write("question.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const samples = await load("mt-bench", {}, folderHub({ "raw/question.jsonl": path }));
  t.deepEqual(samples, [
    { id: "81", messages: [{ role: "user", content: "write" }], reference: [], tags: { category: ["writing"] } },
    {
      id: "101",
      messages: [{ role: "user", content: "think" }],
      reference: ["first"],
      tags: { category: ["reasoning"] },
    },
  ]);
  const copy = await write(
    "copy.jsonl",
    JSON.stringify({ prompt_id: 5, category: "math", prompt: ["add", "more"], reference: [] }),
  );
  t.is((await load("mt-bench", { path: copy }))[0]?.messages[0]?.content, "add");
});
