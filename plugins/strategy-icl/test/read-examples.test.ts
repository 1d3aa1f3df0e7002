import { readFile } from "node:fs/promises";
import { normalisedInstruction, UnshiftError } from "@unshift/contracts";
import { checkContext } from "@unshift/testkit";
import test from "ava";
import { loadExamples } from "../src/load-examples.js";
import { readExamples } from "../src/read-examples.js";

const read = (text: string) => readExamples(Buffer.from(text), "examples.jsonl");

test("a list and lines give the same examples; rows without an id are numbered", (t) => {
  const rows = [
    { instruction: "A?", output: "a" },
    { id: 7, instruction: "B?", output: "b" },
  ];
  const expected = [
    { id: "1", instruction: "A?", output: "a" },
    { id: "7", instruction: "B?", output: "b" },
  ];
  t.deepEqual(read(JSON.stringify(rows)).examples, expected);
  t.deepEqual(read(`${rows.map((row) => JSON.stringify(row)).join("\n\n")}\n`).examples, expected);
  t.deepEqual(read("").examples, []);
});

test("empty, repeated and two-part rows are left out and counted", (t) => {
  const { examples, leftOut } = read(
    JSON.stringify([
      { instruction: "A?", output: "a" },
      { instruction: " a ", output: "other" },
      { instruction: "B?", output: " " },
      { instruction: "", output: "b" },
      { instruction: "Sum up.", input: "A text.", output: "c" },
      { instruction: "D?", input: "", output: "d" },
    ]),
  );
  t.deepEqual(
    examples.map(({ id }) => id),
    ["1", "6"],
  );
  t.deepEqual(leftOut, { empty: 2, duplicate: 1, withInput: 1 });
});

const faults: readonly (readonly [string, string, string, RegExp, number | undefined])[] = [
  ["a line that is no JSON", '{"instruction":"A","output":"a"}\n{oops}', "DATASET_SYNTAX", /line 2 is not JSON/, 2],
  ["a list that is no JSON", "[1,", "DATASET_SYNTAX", /not JSON/, undefined],
  ["a line that is no object", "3", "DATASET_FIELD", /example 1 is not an object/, 1],
  ["a list in a line", '{"instruction":"A","output":["a"]}', "DATASET_FIELD", /"output" is a list, not a text/, 1],
  ["a missing field", '\n{"instruction":"A"}', "DATASET_FIELD", /example 1: "output" is missing/, 2],
  ["an id that is none", '{"id":{},"instruction":"A","output":"a"}', "DATASET_FIELD", /"id" is neither/, 1],
  [
    "an id twice",
    '{"id":1,"instruction":"A","output":"a"}\n{"id":"1","instruction":"B","output":"b"}',
    "DATASET_DUPLICATE_ID",
    /id "1"/,
    2,
  ],
];
for (const [what, text, code, message, line] of faults) {
  test(`refused with its place: ${what}`, (t) => {
    const error = t.throws(() => read(text), { instanceOf: UnshiftError, code, message });
    t.deepEqual(error?.where, line === undefined ? { file: "examples.jsonl" } : { file: "examples.jsonl", line });
  });
}

test("bytes that are no UTF-8 are refused", (t) => {
  t.throws(() => readExamples(Uint8Array.of(0x5b, 0xff), "x"), { code: "DATASET_SYNTAX", message: /UTF-8/ });
});

test("a missing file and an unknown builtin say what there is", async (t) => {
  const context = checkContext("/nowhere");
  for (const name of ["builtin:plane", "./gone.json"]) {
    const error = await t.throwsAsync(loadExamples(name, context), {
      instanceOf: UnshiftError,
      code: "DATASET_NOT_FOUND",
    });
    t.true(error?.hint?.includes("builtin:plain"), name);
  }
});

test("instructions that a reader would call the same", (t) => {
  t.is(normalisedInstruction(" “What  is it?” "), normalisedInstruction("what is it"));
  for (const [one, other] of [
    ["What is 1+2?", "What is 1-2?"],
    ["What is C#?", "What is C?"],
    ["3 - 5", "3 5"],
  ] as const)
    t.not(normalisedInstruction(one), normalisedInstruction(other));
});

test("the examples that come along: 24 different questions with plain answers", async (t) => {
  const { examples, leftOut } = await loadExamples("builtin:plain", checkContext());
  t.is(examples.length, 24);
  t.deepEqual(leftOut, { empty: 0, duplicate: 0, withInput: 0 });
  const questions = await readFile(new URL("../../../dataset-builtin/data/questions.jsonl", import.meta.url), "utf8");
  const asked = new Set(
    questions
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => normalisedInstruction((JSON.parse(line) as { readonly instruction: string }).instruction)),
  );
  t.true(asked.size > 50);
  for (const { instruction, output } of examples) {
    t.false(asked.has(normalisedInstruction(instruction)), instruction);
    t.false(/^(hi|hello|certainly|sure|great|absolutely)\b/i.test(output), output);
    t.true(output.length < 200, output);
  }
});
