import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Sample } from "@unshift/contracts";
import { checkDataset, checkPlugin } from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import plugin from "../src/index.js";
import { files, folder, load, write } from "./load.js";

const samples: readonly Sample[] = [
  {
    id: "a",
    messages: [{ role: "user", content: 'What is "π", roughly?\nIn two digits.' }],
    reference: ["3.14", "3,14"],
    tags: { kind: ["fact"], level: ["2"] },
  },
  {
    id: "b",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Hi 🙂" },
      { role: "user", content: "" },
    ],
    reference: [],
    tags: {},
  },
];
const rows = [
  {
    id: "a",
    instruction: 'What is "π", roughly?\nIn two digits.',
    reference: ["3.14", "3,14"],
    tags: { kind: "fact", level: 2, none: null },
  },
  { id: "b", messages: samples[1]?.messages },
];

test("the plugin's shape", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
});

test("JSON, JSONL and CSV say the same", async (t) => {
  const [a, b] = [rows[0], rows[1]];
  await write("same.json", JSON.stringify(rows, null, 2));
  await write("same.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const cell = (value: unknown) =>
    `"${(typeof value === "string" ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
  await write(
    "same.csv",
    `id,instruction,messages,reference,tags\na,${cell(a?.instruction)},,${cell(a?.reference)},${cell(a?.tags)}\nb,,${cell(b?.messages)},,\n`,
  );
  for (const path of ["same.json", "same.jsonl", "same.csv"]) {
    t.deepEqual(await checkDataset(files, { options: { path }, folder }), samples, path);
  }
});

test("BOM, CRLF, blank lines and a missing last newline change nothing", async (t) => {
  const bom = "\uFEFF";
  const lines = rows.map((row) => JSON.stringify(row));
  await write("windows.jsonl", `${bom}${lines.join("\r\n\r\n")}\r\n`);
  await write("windows.json", bom + JSON.stringify(rows, null, 2).replaceAll("\n", "\r\n"));
  await write("windows.csv", `${bom}id,instruction\r\n1,Why?\r\n\r\n2,Who?`);
  t.deepEqual(await load({ path: "windows.jsonl" }), samples);
  t.deepEqual(await load({ path: "windows.json" }), samples);
  t.deepEqual(
    (await load({ path: "windows.csv" })).map(({ id, messages }) => [id, messages[0]?.content]),
    [
      ["1", "Why?"],
      ["2", "Who?"],
    ],
  );
});

test("Parquet in every compression, with lists, structs and 64-bit integers", async (t) => {
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  for (const compression of ["zstd", "snappy", "gzip", "uncompressed"]) {
    const file = join(folder, `${compression}.parquet`);
    await connection.run(
      `COPY (SELECT 9007199254740993 + i AS id,
         CASE WHEN i % 2 = 0 THEN 'Frage ' || i || ' é🙂' END AS instruction,
         CASE WHEN i % 2 = 1 THEN [{role: 'user', content: 'Eins'}, {role: 'assistant', content: 'Zwei'}, {role: 'user', content: 'Drei ' || i}] END AS messages,
         CASE WHEN i % 3 = 0 THEN [i::VARCHAR, 'x'] END AS reference,
         {kind: 'fact', half: i / 2, even: i % 2 = 0} AS tags
       FROM range(5000) t(i)) TO '${file}' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 2048)`,
    );
    const loaded = await checkDataset(files, { options: { path: `${compression}.parquet` }, folder });
    t.is(loaded.length, 5000);
    t.deepEqual(loaded[3], {
      id: "9007199254740996",
      messages: [
        { role: "user", content: "Eins" },
        { role: "assistant", content: "Zwei" },
        { role: "user", content: "Drei 3" },
      ],
      reference: ["3", "x"],
      tags: { kind: ["fact"], half: ["1.5"], even: ["false"] },
    });
    t.is(loaded[4998]?.messages[0]?.content, "Frage 4998 é🙂");
  }
});

test("columns of other names, tags from columns", async (t) => {
  await write("mapped.csv", "nr,prompt,gold,topic,level\n1,Why?,Because,physics,3\n2,Who?,,,4\n");
  const fields = { id: "nr", instruction: "prompt", reference: "gold" };
  t.deepEqual(await load({ path: "mapped.csv", fields: { ...fields, tags: { subject: "topic" } } }), [
    { id: "1", messages: [{ role: "user", content: "Why?" }], reference: ["Because"], tags: { subject: ["physics"] } },
    { id: "2", messages: [{ role: "user", content: "Who?" }], reference: [], tags: {} },
  ]);
  const listed = await load({ path: "mapped.csv", fields: { ...fields, tags: ["topic", "level"] } });
  t.deepEqual(listed[0]?.tags, { topic: ["physics"], level: ["3"] });
});

test("format stands in for a missing extension; several files follow one another", async (t) => {
  await write("one.txt", '{"id":"1","instruction":"Why?"}');
  await write("two.txt", '{"id":2,"instruction":"Who?"}');
  t.deepEqual(
    (await load({ path: ["one.txt", "two.txt"], format: "jsonl" })).map(({ id }) => id),
    ["1", "2"],
  );
  await write("three.NDJSON", '{"id":"3","instruction":"How?"}');
  t.is((await load({ path: "three.NDJSON" })).length, 1);
});

test("rows without ids get ids of their content: the same in every order, file and format", async (t) => {
  await write("bare.jsonl", '{"instruction":"Why?"}\n{"instruction":"Who?"}\n');
  await write("bare.csv", "instruction\nWho?\nWhy?\n");
  const [why, who] = await load({ path: "bare.jsonl" });
  t.regex(why?.id ?? "", /^[0-9a-f]{12}$/);
  t.deepEqual(
    (await load({ path: "bare.csv" })).map(({ id }) => id),
    [who?.id, why?.id],
  );
});

test("any text survives JSON, JSONL and CSV", async (t) => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 5 }), async (texts) => {
      const written = texts.map((instruction, id) => ({ id: `${id}`, instruction }));
      await write("any.json", JSON.stringify(written));
      await write("any.jsonl", written.map((row) => JSON.stringify(row)).join("\n"));
      const filled = written.filter(({ instruction }) => instruction !== "");
      await write(
        "any.csv",
        `id,instruction\n${filled.map(({ id, instruction }) => `${id},"${instruction.replaceAll('"', '""')}"\n`).join("")}`,
      );
      const back = async (path: string) =>
        (await load({ path })).map(({ id, messages }) => ({ id, instruction: messages[0]?.content }));
      t.deepEqual(await back("any.json"), written);
      t.deepEqual(await back("any.jsonl"), written);
      // Ends of lines inside a cell are read as \n.
      if (filled.length > 0)
        t.deepEqual(
          await back("any.csv"),
          filled.map(({ id, instruction }) => ({ id, instruction: instruction.replaceAll("\r\n", "\n") })),
        );
    }),
    { numRuns: 60 },
  );
});

test("a large JSONL file is read a line at a time, across chunk borders", async (t) => {
  const line = (id: number) => JSON.stringify({ id, instruction: `${"é🙂".repeat(id % 400)}` });
  await write("large.jsonl", Array.from({ length: 3000 }, (_, id) => line(id)).join("\n"));
  const loaded = await load({ path: "large.jsonl" });
  t.is(loaded.length, 3000);
  t.true(loaded.every(({ messages }, id) => messages[0]?.content === "é🙂".repeat(id % 400)));
});
