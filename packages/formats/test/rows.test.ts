import test from "ava";
import fc from "fast-check";
import { readRows } from "../src/read/read-rows.js";
import { faultOf, files, jsonLines, signal } from "./workshop.js";

async function read(file: string, pieceBytes?: number) {
  const rows = [];
  for await (const { fields, place } of readRows(file, signal, pieceBytes))
    rows.push({ fields, line: place.line, row: place.row });
  return rows;
}

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", '\\"', "[", "]", "{", "}", ",", "\n", "\r\n", "\u2028", "],[", "\ufeff", "a\\\\"),
);
const rows = fc.array(
  fc.dictionary(texts, fc.oneof(texts, fc.integer(), fc.constant(null), fc.array(texts), fc.dictionary(texts, texts)), {
    maxKeys: 4,
  }),
  { minLength: 1, maxLength: 6 },
);

test("what JSON.stringify writes is read back, as array or lines, however it is laid out and cut into pieces", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom("lines", 0, 1, 4, "\t"),
      fc.boolean(),
      fc.boolean(),
      fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      async (wanted, layout, bom, crlf, pieceBytes) => {
        const plain = layout === "lines" ? jsonLines(wanted) : JSON.stringify(wanted, null, layout);
        const text = `${bom ? "\ufeff" : ""}${crlf ? plain.replaceAll("\n", "\r\n") : plain}`;
        const { f } = await files(t, { f: text });
        const found = await read(f, pieceBytes);
        t.deepEqual(
          found.map(({ fields }) => JSON.stringify(fields)),
          wanted.map((row) => JSON.stringify(row)),
        );
        t.deepEqual(
          found.map(({ row }) => row),
          wanted.map((_, at) => at + 1),
        );
        // The line of a row is the one its "{" stands on.
        const lines = text.split("\n");
        for (const { line } of found) t.true(lines[line - 1]?.includes("{"));
      },
    ),
    { numRuns: 150 },
  );
});

test("a row keeps its line in a file that is read in pieces", async (t) => {
  const long = "x".repeat(300_000);
  const { f } = await files(t, { f: JSON.stringify([{ a: long }, { a: `é${long}` }, { a: "end" }], null, 1) });
  t.deepEqual(
    (await read(f)).map(({ line, fields }) => [line, String(fields.a).length]),
    [
      [2, 300_000],
      [5, 300_001],
      [8, 3],
    ],
  );
});

const broken: readonly (readonly [name: string, content: string | Uint8Array, at: string, says: RegExp])[] = [
  ["nothing", "", "DATASET_EMPTY f:-", /holds no row/],
  ["blank lines", "\ufeff\n \r\n", "DATASET_EMPTY f:-", /holds no row/],
  ["an empty array", "[ ]\n", "DATASET_EMPTY f:-", /holds no row/],
  ["text", "id,output\n", "DATASET_SYNTAX f:1", /begins with "id,output"/],
  ["a line that is cut", '{"a":1}\n{"a":\n', "DATASET_SYNTAX f:2", /row 2: not JSON/],
  ["a row that is a list", '{"a":1}\n[1]\n', "DATASET_FIELD f:2", /row 2: a row is an object, not a list/],
  ["a row that is null", "[\n{},\nnull]", "DATASET_FIELD f:3", /row 2: .* not null/],
  ["an open array", '[{"a":1},\n{"a":2}\n', "DATASET_SYNTAX f:2", /not closed/],
  ["two commas", '[{"a":1},\n,{}]', "DATASET_SYNTAX f:2", /no value before ","/],
  ["a comma at the end", '[{"a":1},\n]', "DATASET_SYNTAX f:2", /no value before "]"/],
  ["text behind the array", "[{}]\n[{}]", "DATASET_SYNTAX f:2", /behind the end/],
  ["a text over two lines", '[{"a":"b\nc"}]', "DATASET_SYNTAX f:1", /text is not closed/],
  ["a brace too many", '[{"a":1}}]', "DATASET_SYNTAX f:1", /"}" closes nothing/],
  ["a colon that is missing", '[\n{"a":1},\n{\n"b" 1\n}]', "DATASET_SYNTAX f:4", /row 2: not JSON/],
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0x7d, 0x0a, 0x7b, 0xff, 0x7d), "DATASET_SYNTAX f:2", /not UTF-8/],
];

for (const [name, content, at, says] of broken) {
  test(`${name}: ${at}`, async (t) => {
    const { f } = await files(t, { f: content });
    // Wherever the file is cut into pieces, the fault is the same.
    for (const pieceBytes of [undefined, 30]) {
      const error = await faultOf(t, read(f, pieceBytes));
      t.is(error.at, at);
      t.regex(error.message, says);
    }
  });
}

test("a file that is not there, a folder, an interruption", async (t) => {
  const { f } = await files(t, { f: "{}\n" });
  t.is((await faultOf(t, read(`${f}-none`))).code, "DATASET_NOT_FOUND");
  t.regex((await faultOf(t, read(`${f}/..`))).message, /folder|cannot be read/);
  const stopped = async () => {
    for await (const _ of readRows(f, AbortSignal.abort())) t.fail();
  };
  t.is((await faultOf(t, stopped())).code, "ABORTED");
});
