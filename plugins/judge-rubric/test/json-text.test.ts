import test from "ava";
import fc from "fast-check";
import { readObject, type Written } from "../src/reply/json-text.js";

/** As JSON.parse has it; a key that stands twice keeps its last value. */
function plain(value: Written): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value.kind === "list") return value.items.map(plain);
  return Object.fromEntries(value.entries.map(([key, each]) => [key, plain(each)]));
}

function read(text: string) {
  const found = readObject(text, 0);
  return found === null ? null : { value: plain(found.value), repairs: found.repairs, open: found.open };
}

const key = fc.string({ maxLength: 40 });
const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('"', "\\", ",", ":", "{", "}", "\n", " ", "a", "'", "/", "*"), maxLength: 30 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 5 }) as fc.Arbitrary<Record<string, unknown>>,
}));

test("valid JSON is read as JSON.parse reads it, without a repair", (t) => {
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      t.deepEqual(read(text), { value: JSON.parse(text), repairs: [], open: false });
    }),
    { numRuns: 2000 },
  );
});

test("no text is too odd: it is read or not, and soon", (t) => {
  const shards = ["{", "}", '"', "'", ":", ",", "[", "]", "\\", "a", "5", "\n", " ", "//", "/*", "“", "[[", "u00"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...shards), { maxLength: 80 }), (pieces) => {
      const text = `{${pieces.join("")}`;
      const found = readObject(text, 0);
      t.true(found === null || (found.end >= 1 && found.end <= text.length));
    }),
    { numRuns: 3000 },
  );
  for (const piece of ["{", '{"a":', "[", '"', '{"a": "', ', "b"', "\\", "// ", "'", '{"a": [']) {
    const started = performance.now();
    readObject(`{"a": ${piece.repeat(20_000)}`, 0);
    t.true(performance.now() - started < 1000, piece);
  }
});

const mended: readonly [string, string, unknown, readonly string[]][] = [
  [
    "quotes",
    `{"r": "It says "yes", then "no".", "s": 4}`,
    { r: 'It says "yes", then "no".', s: 4 },
    ["a quote within a text"],
  ],
  [
    "a quote at the end",
    `{"r": "the so-called "fact"", "s": 4}`,
    { r: 'the so-called "fact"', s: 4 },
    ["a quote within a text"],
  ],
  ["line breaks", '{"r": "one\ntwo", "s": 4}', { r: "one\ntwo", s: 4 }, ["a line break within a text"]],
  [
    "LaTeX",
    String.raw`{"r": "\(x\) is \alpha, \sqrt{2}", "s": 4}`,
    { r: String.raw`\(x\) is \alpha, \sqrt{2}`, s: 4 },
    ["a back-slash that escapes nothing"],
  ],
  ["single quotes", `{'r': 'it's "so"', 's': 4}`, { r: `it's "so"`, s: 4 }, ["single quotes", "a quote within a text"]],
  ["curly quotes", "{“r”: “fine”, “s”: 4}", { r: "fine", s: 4 }, ["curly quotes"]],
  ["a trailing comma", '{"r": ["a", "b",], "s": 4,}', { r: ["a", "b"], s: 4 }, ["a trailing comma"]],
  ["a missing comma", '{"r": "fine"\n "s": 4}', { r: "fine", s: 4 }, ["a missing comma"]],
  ["comments", '{"r": "x", // so\n "s": /* good */ 4}', { r: "x", s: 4 }, ["a comment"]],
  ["keys without quotes", '{r: "x", s: 4}', { r: "x", s: 4 }, ["a key without quotes"]],
  ["bare words", '{"s": four, "n": N/A, "o": 4/5}', { s: "four", n: "N/A", o: "4/5" }, ["a value without quotes"]],
  ["a rating's brackets", '{"s": [[7]]}', { s: [[7]] }, []],
];
for (const [what, text, value, repairs] of mended) {
  test(`mended: ${what}`, (t) => {
    const found = read(text);
    t.deepEqual(found?.value, value);
    t.deepEqual(found?.repairs, repairs);
  });
}

test("a text that breaks off is said to be open; a number at a cut is not read", (t) => {
  t.deepEqual(read('{"r": "x", "s": 4'), {
    value: { r: "x", s: 4 },
    repairs: ["an object that is not closed"],
    open: true,
  });
  t.deepEqual(plain(readObject('{"r": "x", "s": 1', 0, true)?.value ?? null), { r: "x" });
  t.deepEqual(plain(readObject('{"r": "x", "s": "1', 0, true)?.value ?? null), { r: "x" });
});
