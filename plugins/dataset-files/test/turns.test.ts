import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { checkDataset } from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import { fault, files, folder, load, write } from "./load.js";

const jsonl = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

test("a list of turns becomes samples that follow one another, with the question's tags", async (t) => {
  await write(
    "turns.jsonl",
    jsonl(
      { id: 81, turns: ["Write.", "Again.", "Shorter."], tags: { topic: "writing" } },
      { id: "b", instruction: "One turn." },
    ),
  );
  const expected = [
    {
      id: "81",
      messages: [{ role: "user", content: "Write." }],
      reference: [],
      tags: { topic: ["writing"], turn: ["1"] },
    },
    {
      id: "81-2",
      follows: "81",
      messages: [{ role: "user", content: "Again." }],
      reference: [],
      tags: { topic: ["writing"], turn: ["2"] },
    },
    {
      id: "81-3",
      follows: "81-2",
      messages: [{ role: "user", content: "Shorter." }],
      reference: [],
      tags: { topic: ["writing"], turn: ["3"] },
    },
    { id: "b", messages: [{ role: "user", content: "One turn." }], reference: [], tags: {} },
  ];
  t.deepEqual(await checkDataset(files, { options: { path: "turns.jsonl" }, folder }), expected);
  await write("turns.csv", 'id,turns\n81,"[""Write."",""Again.""]"\n');
  t.deepEqual(
    (await load({ path: "turns.csv" })).map(({ id, follows }) => [id, follows]),
    [
      ["81", undefined],
      ["81-2", "81"],
    ],
  );
});

test("references of turns stand in a list with one entry a turn", async (t) => {
  await write("refs.jsonl", jsonl({ id: 1, turns: ["2 + 2?", "And 3 + 3?"], reference: ["4", ["6", "six"]] }));
  t.deepEqual(
    (await load({ path: "refs.jsonl" })).map(({ reference }) => reference),
    [["4"], ["6", "six"]],
  );
  await write(
    "no-refs.jsonl",
    jsonl({ id: 1, turns: ["2 + 2?", "Why?"], reference: [null, "x"] }, { id: 2, turns: ["y"], reference: [] }),
  );
  t.deepEqual(
    (await load({ path: "no-refs.jsonl" })).map(({ reference }) => reference),
    [[], ["x"], []],
  );
});

test("a row goes on with an earlier one by its id, across files and branches", async (t) => {
  await write("first.jsonl", jsonl({ id: 1, instruction: "Who?" }, { id: 2, instruction: "And then?", follows: 1 }));
  await write("second.csv", "nr,q,after\n3,Why?,2\n4,How?,1\n");
  t.deepEqual(
    (await load({ path: "first.jsonl" })).map(({ id, follows }) => [id, follows]),
    [
      ["1", undefined],
      ["2", "1"],
    ],
  );
  const fields = { id: "nr", instruction: "q", follows: "after" };
  await write("renamed.csv", "nr,q,after\n1,Who?,\n2,And then?,1\n");
  t.deepEqual(
    (await load({ path: ["renamed.csv", "second.csv"], fields })).map(({ id, follows }) => [id, follows]),
    [
      ["1", undefined],
      ["2", "1"],
      ["3", "2"],
      ["4", "1"],
    ],
  );
  await write(
    "behind.jsonl",
    jsonl({ id: 1, turns: ["Who?", "When?"] }, { id: 2, instruction: "Why?", follows: "1-2" }),
  );
  t.is((await load({ path: "behind.jsonl" })).at(-1)?.follows, "1-2");
});

test("without ids the id is that of all turns, and of what is followed", async (t) => {
  await write(
    "bare-turns.jsonl",
    jsonl({ turns: ["Who?", "When?"] }, { turns: ["Who?", "Why?"] }, { instruction: "Who?" }),
  );
  const ids = (await load({ path: "bare-turns.jsonl" })).map(({ id }) => id);
  t.is(new Set(ids).size, 5);
  t.is(ids[1], `${ids[0]}-2`);
});

const row = (id: number, follows?: number | string) => ({
  id,
  instruction: `Question ${id}?`,
  ...(follows === undefined ? {} : { follows }),
});
const faults: readonly (readonly [string, readonly object[], RegExp, number])[] = [
  ["an unknown id", [row(1), row(2, 7), row(3)], /^"follows" is "7", and no sample has this id$/, 2],
  ["a later id", [row(1, 3), row(2), row(3)], /^"follows" is "3", which stands below it, at .*:3$/, 1],
  ["itself", [row(1), row(2, 2)], /goes in a circle: 2 follows 2$/, 2],
  [
    "a circle",
    [row(1, 3), row(2, 1), row(3, 2)],
    /^"follows" is "3", which goes in a circle: 1 follows 3 follows 2 follows 1$/,
    1,
  ],
  ["an object", [row(1), { ...row(2), follows: {} }], /"follows" is a text or a number, not an object/, 2],
  ["turns that are a text", [{ id: 1, turns: "Who?" }], /"turns" is a list of texts, not a text/, 1],
  ["no turn", [row(1), { id: 2, turns: [] }], /"turns" is a list of texts, not an empty list/, 2],
  ["a turn that is a number", [{ id: 1, turns: ["Who?", 7] }], /turn 2 of "turns" is a text, not a number/, 1],
  ["turns and an instruction", [{ id: 1, turns: ["a"], instruction: "b" }], /both "turns" and "instruction"/, 1],
  ["turns and messages", [{ id: 1, turns: ["a"], messages: [] }], /both "turns" and "messages"/, 1],
  [
    "a tag of the turn's own",
    [{ id: 1, turns: ["a"], tags: { turn: "x" } }],
    /tag "turn" is given by the place in "turns"/,
    1,
  ],
  ["fewer references than turns", [{ id: 1, turns: ["a", "b"], reference: ["x"] }], /each of the 2 turns, not 1$/, 1],
  [
    "one reference for all turns",
    [{ id: 1, turns: ["a", "b"], reference: "x" }],
    /each of the 2 turns, not a text$/,
    1,
  ],
];
for (const [what, rows, message, line] of faults) {
  test(`refused with its place: ${what}`, async (t) => {
    await write(`turns-${what.replaceAll(" ", "-")}.jsonl`, jsonl(...rows));
    const found = await fault(load({ path: `turns-${what.replaceAll(" ", "-")}.jsonl` }));
    t.is(found.code, "DATASET_FIELD");
    t.regex(found.message, message);
    t.is(found.line, line);
  });
}

test("a file is taken exactly where each row follows an earlier one or none", async (t) => {
  const graph = fc
    .integer({ min: 1, max: 8 })
    .chain((rows) => fc.array(fc.option(fc.integer({ min: 0, max: rows })), { minLength: rows, maxLength: rows }));
  const property = fc.asyncProperty(graph, async (followed) => {
    await write("graph.jsonl", jsonl(...followed.map((to, id) => row(id, to ?? undefined))));
    const broken = followed.findIndex((to, id) => to !== null && to >= id);
    if (broken < 0) {
      const samples = await load({ path: "graph.jsonl" });
      t.deepEqual(
        samples.map(({ follows }) => follows ?? null),
        followed.map((to) => (to === null ? null : String(to))),
      );
      return;
    }
    const found = await fault(load({ path: "graph.jsonl" }));
    t.deepEqual([found.code, found.line], ["DATASET_FIELD", broken + 1]);
    const { length } = followed;
    t.is(/no sample has this id/.test(found.message), followed[broken] === length, found.message);
  });
  await fc.assert(property, { numRuns: 40 });
});

test("an id that a turn has already is refused", async (t) => {
  await write("clash.jsonl", jsonl({ id: "1", turns: ["a", "b"] }, { id: "1-2", instruction: "c" }));
  const found = await fault(load({ path: "clash.jsonl" }));
  t.deepEqual([found.code, found.line], ["DATASET_DUPLICATE_ID", 2]);
});

test("in Parquet the row is named, with the field", async (t) => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const copy = (select: string, name: string) =>
    connection.run(`COPY (${select}) TO '${folder}/${name}' (FORMAT parquet)`);
  await copy("SELECT i AS id, ['a' || i, 'b'] AS turns FROM range(3) t(i)", "turns.parquet");
  t.is((await load({ path: "turns.parquet" })).length, 6);
  await copy(
    "SELECT i AS id, 'q' || i AS instruction, CASE WHEN i = 2 THEN 9 END AS follows FROM range(4) t(i)",
    "later.parquet",
  );
  const later = await fault(load({ path: "later.parquet" }));
  t.regex(later.message, /^row 3: "follows" is "9", and no sample has this id$/);
  await copy("SELECT i AS id, i * 2 AS instruction FROM range(4) t(i)", "wrong.parquet");
  const wrong = await fault(load({ path: "wrong.parquet" }));
  t.is(wrong.code, "DATASET_FIELD");
  t.true(String(wrong.file).endsWith("wrong.parquet"));
  t.regex(wrong.message, /^row 1: "instruction" is a text/);
});

test("MT-bench's own question file is read by its own names", async (t) => {
  const file = fileURLToPath(new URL("../../../../../shared/data/mt-bench/question.jsonl", import.meta.url));
  if (!existsSync(file)) {
    t.log(`skipped: ${file} is not here`);
    t.not(process.env.UNSHIFT_SHARED_DATA, "required");
    return;
  }
  const samples = await load({ path: file, fields: { id: "question_id", tags: ["category"] } });
  t.is(samples.length, 160);
  t.deepEqual(
    samples.slice(0, 2).map(({ id, follows }) => [id, follows]),
    [
      ["81", undefined],
      ["81-2", "81"],
    ],
  );
  t.true(samples.every(({ tags }) => tags.category?.length === 1 && tags.turn?.length === 1));
});

test("turns of rows that follow one another are tagged with their number, as listed ones are", async (t) => {
  await write(
    "numbered.jsonl",
    jsonl(
      { id: "a", instruction: "Who?" },
      { id: "b", instruction: "When?", follows: "a", tags: { topic: "art" } },
      { id: "c", instruction: "Why?", follows: "b" },
      { id: "d", instruction: "Where?", follows: "a" },
      { id: "e", turns: ["How?", "How long?"], follows: "b" },
      { id: "f", instruction: "Alone?" },
      { id: "g", instruction: "Own?", follows: "f", tags: { turn: "last" } },
      { id: "h", instruction: "No chat." },
    ),
  );
  const turns = Object.fromEntries((await load({ path: "numbered.jsonl" })).map(({ id, tags }) => [id, tags]));
  t.deepEqual(turns, {
    a: { turn: ["1"] },
    b: { turn: ["2"], topic: ["art"] },
    c: { turn: ["3"] },
    d: { turn: ["2"] },
    e: { turn: ["3"] },
    "e-2": { turn: ["4"] },
    f: { turn: ["1"] },
    g: { turn: ["last"] },
    h: {},
  });
  await write("numbered.csv", "id,instruction,follows\n1,Who?,\n2,When?,1\n");
  t.deepEqual(
    (await load({ path: "numbered.csv" })).map(({ tags }) => tags.turn),
    [["1"], ["2"]],
  );
});
