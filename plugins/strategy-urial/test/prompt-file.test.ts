import { UnshiftError } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { parsePromptFile } from "../src/prompt-file.js";

const parse = (text: string) => parsePromptFile(Buffer.from(text, "utf8"), "prompt.txt");
const example = (query: string, answer: string) =>
  `\n# Query:\n\`\`\`\n${query}\n\`\`\`\n\n# Answer:\n\`\`\`\n${answer}\n\`\`\`\n`;
const head = "# Instruction\n\nYou are kind.\nYou are honest.\n";

test("system text, examples, their order", (t) => {
  const prompt = parse(head + example("Why?", "Because.") + example("Who?", "Nobody.\n\n1. A list"));
  t.is(prompt.system, "You are kind.\nYou are honest.");
  t.deepEqual(prompt.examples, [
    { query: "Why?", answer: "Because." },
    { query: "Who?", answer: "Nobody.\n\n1. A list" },
  ]);
  t.is(prompt.format, "unified");
});

test("a system text without examples is a prompt with K = 0", (t) => {
  const prompt = parse(head);
  t.is(prompt.format, "none");
  t.is(prompt.system, "You are kind.\nYou are honest.");
  t.deepEqual(prompt.examples, []);
  t.is(prompt.text, head);
});

test("headings without fences: the roles of versions 5 and 6", (t) => {
  const prompt = parse(
    `${head}\n# User:\nWhy?\n\n# Assistant:\nBecause.\n\n1. \`\`\`js\`\`\`\n\n\n# User:\n\nWho?\n# Assistant:\nI.`,
  );
  t.is(prompt.format, "roles");
  t.is(prompt.system, "You are kind.\nYou are honest.");
  t.deepEqual(prompt.examples, [
    { query: "Why?", answer: "Because.\n\n1. ```js```" },
    { query: "Who?", answer: "I." },
  ]);
});

test("fences and headings inside an answer belong to it", (t) => {
  const answer = "Use this:\n```js\nconst x = 1;\n```\nIt works.\n# Query: is a heading\n```\nplain\n```";
  t.deepEqual(parse(head + example("How?", answer) + example("Who?", "I.")).examples, [
    { query: "How?", answer },
    { query: "Who?", answer: "I." },
  ]);
});

test("the fences of early prompt files", (t) => {
  const prompt = parse(
    `${head}\n# Query:\n\`\`\`Why is\nthe sky blue?\`\`\`\n \n# Answer:\n\`\`\`\nBecause.\n\`\`\` \n\n\n# Query:\n\`\`\`Who?\`\`\`\n \n# Answer:\n\`\`\`\nI.\n\`\`\``,
  );
  t.is(prompt.format, "legacy");
  t.deepEqual(prompt.examples, [
    { query: "Why is\nthe sky blue?", answer: "Because." },
    { query: "Who?", answer: "I." },
  ]);
});

test("a prompt without a system text", (t) => {
  t.is(parse(example("Why?", "Because.").slice(1)).system, "");
});

const faults: readonly [string, string, RegExp, number | undefined][] = [
  ["an empty file", "", /no query/, 1],
  ["a text that is no prompt", "Some notes.\n\nOn nothing.\n", /no query/, 1],
  ["an instruction without text", "# Instruction\n\n", /no query/, 1],
  ["a byte order mark", `\uFEFF${head}`, /byte order mark/, 1],
  ["Windows line ends", head + example("Why?", "Because.").replaceAll("\n", "\r\n"), /Windows line ends/, 5],
  ["an answer without a query", `${head}\n# Answer:\nBecause.\n`, /before the first query/, 6],
  ["a query without a fence", `${head}\n# Query:\nWhy?\n`, /no fence is opened under this "# Query:"/, 6],
  [
    "a query without a fence before one with it",
    `${head}\n# Query:\nWhy?\n${example("Who?", "I.")}`,
    /no fence is opened under this "# Query:"/,
    6,
  ],
  ["a user without an answer", `${head}\n# User:\nWhy?\n`, /has no "# Assistant:"/, 6],
  ["two answers", `${head}\n# User:\nWhy?\n# Assistant:\nA.\n# Assistant:\nB.\n`, /a second "# Assistant:"/, 10],
  ["an empty answer", `${head}\n# User:\nWhy?\n# Assistant:\n\n`, /no text under this "# Assistant:"/, 8],
  ["an empty question", `${head}\n# User:\n\n# Assistant:\nA.\n`, /no text under this "# User:"/, 6],
  [
    "an unclosed query",
    `${head}\n# Query:\n\`\`\`\nWhy?\n\n# Answer:\n\`\`\`\nBecause.\n\`\`\`\n`,
    /fence of this "# Query:"/,
    6,
  ],
  [
    "an unclosed answer",
    `${head}\n# Query:\n\`\`\`\nWhy?\n\`\`\`\n\n# Answer:\n\`\`\`\nBecause.\n`,
    /fence of this "# Answer:"/,
    11,
  ],
  [
    "an unclosed answer before another example",
    `${head}\n# Query:\n\`\`\`\nWhy?\n\`\`\`\n\n# Answer:\n\`\`\`\nBecause.\n${example("Who?", "I.")}`,
    /fence of this "# Answer:"/,
    11,
  ],
  [
    "an answer without fences",
    `${head}\n# Query:\n\`\`\`\nWhy?\n\`\`\`\n\n# Answer:\nBecause.\n`,
    /fence of this "# Answer:"/,
    11,
  ],
  [
    "an unclosed query without answer",
    `${head + example("Why?", "Because.")}\n# Query:\n\`\`\`\nWho?\n`,
    /fence of this "# Query:"/,
    16,
  ],
  [
    "an answer before any query",
    `${head}\n# Answer:\n\`\`\`\nBecause.\n\`\`\`\n${example("Who?", "I.")}`,
    /before the first/,
    6,
  ],
  [
    "mixed fences",
    `${head + example("Why?", "Because.")}\n# Query:\n\`\`\`Who?\`\`\`\n\n# Answer:\n\`\`\`\nI.\n\`\`\`\n`,
    /another way/,
    16,
  ],
];
for (const [name, text, message, line] of faults) {
  test(`refused with its place: ${name}`, (t) => {
    const error = t.throws(() => parse(text), { instanceOf: UnshiftError, code: "PROMPT_FILE", message });
    t.deepEqual(error?.where, { file: "prompt.txt", line });
  });
}

test("a query without an answer is used as it stands, with a remark", (t) => {
  const prompt = parse(`${head}\n# Query:\n\`\`\`\nWhy?\n\`\`\`\n${example("Who?", "I.")}`);
  t.deepEqual(prompt.remarks, ["line 6: this query has no answer"]);
  t.deepEqual(prompt.examples, [
    { query: "Why?", answer: null },
    { query: "Who?", answer: "I." },
  ]);
});

test("bytes that are no UTF-8 are refused with their line", (t) => {
  const error = t.throws(() => parsePromptFile(Uint8Array.of(0x23, 0x0a, 0xff, 0xfe), "prompt.txt"), {
    instanceOf: UnshiftError,
    code: "PROMPT_FILE",
    message: /not UTF-8/,
  });
  t.is(error?.where?.line, 2);
});

test("what is written in the format is read back", (t) => {
  const line = fc
    .string({ unit: "grapheme", maxLength: 30 })
    .filter((text) => !/[`#\r\n\u2028\u2029\uFEFF\uFFFD]/.test(text));
  const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(fc.array(fc.record({ query: text, answer: text }), { minLength: 1, maxLength: 4 }), (examples) => {
      const parsed = parse(head + examples.map(({ query, answer }) => example(query, answer)).join(""));
      t.deepEqual(parsed.examples, examples);
    }),
  );
});
