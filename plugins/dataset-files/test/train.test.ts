import type { Dataset, Example } from "@unshift/contracts";
import { checkContext, createForCheck, validateOptions } from "@unshift/testkit";
import test from "ava";
import { fault, files, folder, write } from "./load.js";

const lines = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
await write(
  "asked.jsonl",
  lines({ id: 1, instruction: "Who wrote Faust?" }, { id: 2, turns: ["Who?", "When was it?"] }),
);

async function examplesOf(dataset: Dataset): Promise<Example[]> {
  const found: Example[] = [];
  for await (const example of dataset.examples?.(new AbortController().signal) ?? []) found.push(example);
  return found;
}
const open = (train: unknown) => createForCheck(files, { options: { path: "asked.jsonl", train }, folder });

test("pairs of a file, numbered where they have no ids; none of them is a sample", async (t) => {
  await write("train.jsonl", lines({ instruction: "A?", output: "a" }, { instruction: "B?", output: "b", other: 1 }));
  const dataset = await open("train.jsonl");
  const expected = [
    { id: "1", instruction: "A?", output: "a" },
    { id: "2", instruction: "B?", output: "b" },
  ];
  t.deepEqual(await examplesOf(dataset), expected);
  t.deepEqual(await examplesOf(dataset), expected, "a second load gives the same");
  const train = dataset.provenance?.train as {
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
  };
  t.is(train.files[0]?.name, "train.jsonl");
  t.regex(train.files[0]?.sha256 ?? "", /^[0-9a-f]{64}$/);
  const without = await createForCheck(files, { options: { path: "asked.jsonl" }, folder });
  t.is(without.examples, undefined, "a dataset without a train part has none");
  t.false("train" in (without.provenance ?? {}));
});

test("several files, CSV, other columns; numbers go on over files", async (t) => {
  await write("one.csv", "frage,antwort\nA?,a\nB?,b\n");
  await write("two.json", JSON.stringify([{ frage: "C?", antwort: "c" }]));
  const fields = { instruction: "frage", output: "antwort" };
  const dataset = await open({ path: ["one.csv", "two.json"], fields });
  t.deepEqual(
    (await examplesOf(dataset)).map(({ id, output }) => [id, output]),
    [
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
    ],
  );
  await write("train.txt", lines({ instruction: "A?", output: "a", id: "x" }));
  t.is((await examplesOf(await open({ path: "train.txt", format: "jsonl" })))[0]?.id, "x");
});

test("what asks what a sample asks, or needs an input, is left out and told", async (t) => {
  await write(
    "overlap.jsonl",
    lines(
      { instruction: " “who wrote   FAUST” ", output: "Goethe." },
      { instruction: "When was it", output: "1808." },
      { instruction: "Sum up.", input: "A text.", output: "Short." },
      { instruction: "A?", input: " ", output: "a" },
    ),
  );
  const said: string[] = [];
  const options = await validateOptions(files.options, { path: "asked.jsonl", train: "overlap.jsonl" });
  const dataset = await files.create(options, {
    ...checkContext(folder),
    log: (level, message) => said.push(`${level}: ${message}`),
  });
  t.deepEqual(
    (await examplesOf(dataset)).map(({ id }) => id),
    ["4"],
  );
  t.deepEqual(said, [
    'warn: the train part: 4 rows; left out 1 with a text in "input" and 2 that ask what a sample asks',
  ]);
});

const faults: readonly (readonly [string, string, string, RegExp, number | undefined])[] = [
  [
    "an output that is a list",
    "list.jsonl",
    lines({ instruction: "A?", output: "a" }, { instruction: "B?", output: ["b"] }),
    /"output" of an example is a text, not a list$/,
    2,
  ],
  [
    "no output",
    "none.jsonl",
    lines({ instruction: "A?", answer: "a" }),
    /"output" of an example is a text, not missing; the example's fields are "instruction", "answer"$/,
    1,
  ],
  ["an example that is a number", "number.json", "[\n1]", /an example is an object, not a number/, 2],
  [
    "an id that is a list",
    "id.jsonl",
    lines({ id: [], instruction: "A?", output: "a" }),
    /"id" is a text or a number, not an empty list/,
    1,
  ],
];
for (const [what, name, content, message, line] of faults) {
  test(`refused with its place: ${what}`, async (t) => {
    await write(`train-${name}`, content);
    const found = await fault(open(`train-${name}`).then(examplesOf));
    t.is(found.code, "DATASET_FIELD");
    t.regex(found.message, message);
    t.true(String(found.file).endsWith(`train-${name}`));
    t.is(found.line, line);
  });
}

test("an id twice, a line that is no JSON, a file that is not there, an option nobody knows", async (t) => {
  await write(
    "train-twice.jsonl",
    lines({ id: 1, instruction: "A?", output: "a" }, { id: "1", instruction: "B?", output: "b" }),
  );
  const twice = await fault(open("train-twice.jsonl").then(examplesOf));
  t.deepEqual([twice.code, twice.line], ["DATASET_DUPLICATE_ID", 2]);
  await write("train-bad.jsonl", "{oops}");
  t.is((await fault(open("train-bad.jsonl").then(examplesOf))).code, "DATASET_SYNTAX");
  t.is((await fault(open("nowhere.jsonl"))).code, "DATASET_NOT_FOUND");
  await t.throwsAsync(open({ path: "train.jsonl", field: {} }));
});
