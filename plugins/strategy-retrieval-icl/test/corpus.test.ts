import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { checkContext } from "@unshift/testkit";
import test from "ava";
import fc from "fast-check";
import { Corpus } from "../src/corpus/corpus.js";
import { rowsOf } from "../src/corpus/file-rows.js";

const folder = await mkdtemp(join(tmpdir(), "retrieval-corpus-"));
test.after.always(() => rm(folder, { recursive: true }));
let files = 0;
async function file(content: string | Uint8Array): Promise<string> {
  files += 1;
  const name = `${files}.json`;
  await writeFile(join(folder, name), content);
  return name;
}
const context = checkContext(folder);
const read = async (content: string | Uint8Array, exclude: string | readonly string[] = []) =>
  Corpus.read({ corpus: await file(content), exclude }, checkContext(folder));
async function lines(corpus: Corpus): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const line of corpus.lines(context.signal)) all.push(JSON.parse(line));
  return all;
}

const rows = [
  { instruction: "A?", output: "a" },
  { id: 7, instruction: "B “b”?", output: "b\r\nb" },
  { id: "x", instruction: 'Ünïcödé 日本 🙂 ] } , "', output: "[{\\" },
];
const kept = [
  ["1", "A?", "a"],
  ["7", "B “b”?", "b\r\nb"],
  ["x", 'Ünïcödé 日本 🙂 ] } , "', "[{\\"],
];

test("lists and lines, with a byte order mark, Windows line ends and blank lines, are the same corpus", async (t) => {
  const jsonl = rows.map((row) => JSON.stringify(row));
  const hashes = new Set<string>();
  for (const text of [
    JSON.stringify(rows),
    JSON.stringify(rows, null, 2),
    `\uFEFF${JSON.stringify(rows, null, 2).replaceAll("\n", "\r\n")}\r\n`,
    jsonl.join("\n"),
    `\uFEFF${jsonl.join("\r\n\r\n")}\r\n`,
    `\n\n ${jsonl.join("\n \n")}\n\n`,
  ]) {
    const corpus = await read(text);
    t.deepEqual(await lines(corpus), kept, text);
    t.is(corpus.size, 3);
    hashes.add(corpus.sha256);
  }
  t.is(hashes.size, 1);
  t.not((await read(JSON.stringify(rows.slice(1)))).sha256, [...hashes][0]);
});

test("a file is cut into rows alike, in whatever pieces it comes", async (t) => {
  const value = fc.oneof(
    fc.record({ instruction: fc.string({ unit: "grapheme" }), list: fc.array(fc.jsonValue()) }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(value),
      fc.constantFrom(0, 2),
      fc.integer({ min: 1, max: 9 }),
      async (values, indent, size) => {
        const list = Buffer.from(JSON.stringify(values, null, indent));
        const jsonl = Buffer.from(values.map((each) => JSON.stringify(each)).join("\n"));
        // A file of lines that begins with a bracket is a list.
        const texts = Array.isArray(values[0]) ? [list] : [list, jsonl];
        for (const bytes of texts) {
          const pieces = async function* () {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
          };
          const found: unknown[] = [];
          for await (const row of rowsOf(pieces(), "file")) found.push(row.value);
          t.deepEqual(found, JSON.parse(JSON.stringify(values)));
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("empty, repeated and two-part rows are left out and counted", async (t) => {
  const corpus = await read(
    JSON.stringify([
      { instruction: "A?", output: "a" },
      { instruction: " a ", output: "other" },
      { instruction: "B?", output: " " },
      { instruction: "", output: "b" },
      { instruction: "Sum up.", input: "A text.", output: "c" },
      { instruction: "D?", input: "", output: "d" },
      { instruction: "E?", input: "<noinput>", output: "e" },
      { instruction: "F?", input: null, output: "f" },
    ]),
  );
  t.deepEqual(
    (await lines(corpus)).map((line) => (line as string[])[0]),
    ["1", "6", "7", "8"],
  );
  t.deepEqual(corpus.leftOut, { empty: 2, duplicate: 1, withInput: 1 });
  t.is(corpus.rowOf("  “a” "), 0);
  t.is(corpus.rowOf("d"), 1);
  t.is(corpus.rowOf("Sum up."), -1);
});

test("hold-outs: by list and by file, through a duplicate too, and those that are not there", async (t) => {
  const text = JSON.stringify([
    { id: "a", instruction: "A?", output: "a" },
    { id: "b", instruction: "B?", output: "b" },
    { id: "b2", instruction: "b", output: "c" },
    { id: "d", instruction: "D?", output: "d" },
  ]);
  await writeFile(join(folder, "ids.txt"), "\uFEFFd\r\n\r\n b2 \r\nnobody");
  for (const exclude of [["d", "b2", "nobody"], "ids.txt"]) {
    const corpus = await read(text, exclude);
    t.deepEqual(
      [0, 1, 2].map((row) => corpus.isHeldOut(row)),
      [false, true, true],
    );
    t.is(corpus.available, 1);
    t.deepEqual(corpus.unknownHoldOuts, ["nobody"]);
    t.like(corpus.provenance(), { examples: 3, heldOut: 2 });
  }
  await t.throwsAsync(read(text, "gone.txt"), { code: "DATASET_NOT_FOUND", message: /gone\.txt/ });
});

const faults: readonly (readonly [string, string, string, RegExp, number | undefined])[] = [
  ["a line that is no JSON", '{"instruction":"A","output":"a"}\r\n\r\n{oops}', "DATASET_SYNTAX", /not JSON/, 3],
  [
    "an element that is no JSON",
    '[\n{"instruction":"A","output":"a"},\n{"instruction":\nx}]',
    "DATASET_SYNTAX",
    /not JSON/,
    3,
  ],
  ["a list that is not closed", '[{"instruction":"A","output":"a"},\n', "DATASET_SYNTAX", /not closed/, 2],
  ["a comma too many", '[{"instruction":"A","output":"a"},\n,{}]', "DATASET_SYNTAX", /no value before ","/, 2],
  ["a comma at the end", '[{"instruction":"A","output":"a"},\n]', "DATASET_SYNTAX", /no value before "]"/, 2],
  ["text behind the list", '[{"instruction":"A","output":"a"}]\n{}', "DATASET_SYNTAX", /behind the end/, 2],
  ["a line that is no object", "3", "DATASET_FIELD", /row 1 is not an object/, 1],
  ["a list in a row", '{"instruction":"A","output":["a"]}', "DATASET_FIELD", /"output" is a list, not a text/, 1],
  ["a null", '{"instruction":null,"output":"a"}', "DATASET_FIELD", /"instruction" is null/, 1],
  ["a missing field", '\n{"instruction":"A"}', "DATASET_FIELD", /row 1: "output" is missing/, 2],
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
  test(`refused with its place: ${what}`, async (t) => {
    const error = await t.throwsAsync(read(text), { instanceOf: UnshiftError, code, message });
    t.is(error?.where?.line, line);
    t.regex(error?.where?.file ?? "", /\.json$/);
  });
}

test("bytes that are no UTF-8 and files that are not there", async (t) => {
  const bytes = Buffer.concat([
    Buffer.from('{"instruction":"A","output":"a"}\n{"instruction":"'),
    Buffer.of(0xff),
    Buffer.from('","output":"b"}'),
  ]);
  const error = await t.throwsAsync(read(bytes), { code: "DATASET_SYNTAX", message: /UTF-8/ });
  t.is((error as UnshiftError).where?.line, 2);
  await t.throwsAsync(Corpus.read({ corpus: "gone.jsonl", exclude: [] }, context), {
    code: "DATASET_NOT_FOUND",
    message: /ENOENT.*gone\.jsonl/,
  });
});

test("nothing to retrieve: refused with the counts", async (t) => {
  for (const [text, message] of [
    ["", /0 examples kept/],
    ["[]", /0 examples kept/],
    [
      '[{"instruction":"A","output":""},{"instruction":"B","output":"b","input":"c"}]',
      /left out 1 with an empty text, 0 .*, 1 with an input/,
    ],
  ] as const)
    await t.throwsAsync(read(text), { code: "RETRIEVAL_CORPUS", message });
  await t.throwsAsync(read('{"id":"a","instruction":"A","output":"a"}', ["a"]), {
    code: "RETRIEVAL_CORPUS",
    message: /1 examples kept.*1 held out/,
  });
});

test("a dataset's train part, read as often as needed, with what pins it", async (t) => {
  const asked: unknown[] = [];
  const host = {
    ...context,
    examples: async (source: unknown) => {
      asked.push(source);
      return {
        examples: (async function* () {
          for (const id of ["a", "b"]) yield { id, instruction: `Question ${id}?`, output: "Yes." };
        })(),
        provenance: { revision: "abc" },
      };
    },
  };
  const own = await Corpus.read({ corpus: "dataset", exclude: [] }, host);
  t.is((await lines(own)).length, 2);
  const other = await Corpus.read({ corpus: { use: "hf:owner/name", split: "train" }, exclude: ["a"] }, host);
  t.is(other.available, 1);
  t.deepEqual(asked, ["dataset", "dataset", { use: "hf:owner/name", options: { split: "train" } }]);
  t.like(other.provenance(), { dataset: { revision: "abc" }, examples: 2 });
  await t.throwsAsync(Corpus.read({ corpus: "dataset", exclude: [] }, context), { code: "PLUGIN_OPTIONS" });
});
