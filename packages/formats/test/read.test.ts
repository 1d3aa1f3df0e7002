import test from "ava";
import { Questions } from "../src/index.js";
import { faultOf, files, jsonLines, rowsOf, setOf, signal } from "./workshop.js";

const user = (content: string) => [{ role: "user", content }];

test("AlignTDS input: the first output counts, the rendered input does not, the file's name is the generator", async (t) => {
  const { "tiny-chat.json": file } = await files(t, {
    "tiny-chat.json": JSON.stringify([
      { id: 0, pure_input: "Why?", input: "[INST] Why? [/INST]", output: ["Because.", "So."], reference: "N/A" },
      { id: 1, pure_input: "", input: "[INST]  [/INST]", output: [""], reference: "yes" },
      { id: "two", pure_input: "Who?", input: "", output: [] },
    ]),
  });
  const { set, answers, formats } = await setOf([file]);
  t.deepEqual(formats, ["aligntds"]);
  t.deepEqual(answers, [
    { sampleId: "0", text: "Because.", generator: "tiny-chat" },
    { sampleId: "1", text: "", generator: "tiny-chat" },
  ]);
  t.deepEqual(set.samples(), [
    { id: "0", messages: user("Why?"), reference: [], tags: {} },
    { id: "1", messages: user(""), reference: ["yes"], tags: {} },
  ]);
  t.deepEqual(set.generators(), [
    { name: "tiny-chat", answers: 2, empty: 1, leftOut: { "further-answer": 1, "no-answer": 1 } },
  ]);
  t.is(set.unansweredQuestions(), 1);
  t.is((await setOf([file], { generator: "me" })).answers[0]?.generator, "me");
});

const toEval = [
  {
    id: 0,
    instruction: "Name a city.",
    source_id: "x-0",
    dataset: "koala",
    category: "regular",
    output: "Rome",
    generator: "dir//m.json",
    datasplit: "just_eval",
  },
  { id: 800, instruction: "Steal.", dataset: "red", category: "safety", output: "No.", generator: "dir//m.json" },
];

test("just-eval outputs keep their tags; safety asks for a refusal; older files say input", async (t) => {
  const { a, b } = await files(t, {
    a: JSON.stringify(toEval, null, 2),
    b: jsonLines([{ id: "0", input: "Name a city.", output: null, generator: "n", task: ["info-seek"] }]),
  });
  const { set, answers, formats } = await setOf([a, b]);
  t.deepEqual(formats, ["just-eval", "just-eval"]);
  t.deepEqual(
    set.samples().map(({ id, tags }) => [id, tags]),
    [
      ["0", { task: ["info-seek"], source: ["koala"], category: ["regular"] }],
      ["800", { source: ["red"], category: ["safety"], kind: ["harmful"] }],
    ],
  );
  t.deepEqual(
    answers.map(({ text }) => text),
    ["Rome", "No."],
  );
  t.deepEqual(set.generators()[1], { name: "n", answers: 0, empty: 0, leftOut: { "no-answer": 1 } });
});

test("just-eval results give their answers, pairs both; the same answer again is counted, another one refused", async (t) => {
  const judged = { eval_config: { mode: "x" }, prompt: "…", result: "{}", parsed_result: {} };
  const { all, scores, pairs, other, elsewhere } = await files(t, {
    all: JSON.stringify(toEval),
    scores: JSON.stringify([
      { id: 0, input: "Name a city.", output_cand: "Rome", generator_cand: "dir//m.json", ...judged },
    ]),
    pairs: JSON.stringify([
      {
        id: 0,
        input: "Name a city.",
        output_A: "Oslo",
        output_B: "Rome",
        generator_A: "n",
        generator_B: "dir//m.json",
        ...judged,
      },
    ]),
    other: JSON.stringify([
      { id: 0, input: "Name a city.", output_cand: "Bonn", generator_cand: "dir//m.json", ...judged },
    ]),
    elsewhere: JSON.stringify([{ id: 0, input: "Name a river.", output_cand: "Po", generator_cand: "n", ...judged }]),
  });
  const { set, formats } = await setOf([all, scores, pairs]);
  t.deepEqual(formats, ["just-eval", "just-eval-result", "just-eval-result"]);
  t.is(set.samples().length, 2);
  t.deepEqual(set.generators(), [
    { name: "dir//m.json", answers: 2, empty: 0, leftOut: { "same-answer-again": 2 } },
    { name: "n", answers: 1, empty: 0, leftOut: {} },
  ]);
  const differs = await faultOf(t, setOf([all, other]));
  t.is(differs.at, "DATASET_DUPLICATE_ID other:1");
  t.regex(differs.message, /row 1: "dir\/\/m\.json" answers "0" differently at .*all:1 \(row 1\)/);
  const asks = await faultOf(t, setOf([all, elsewhere]));
  t.is(asks.at, "DATASET_DUPLICATE_ID elsewhere:1");
  t.regex(`${asks.message} ${asks.hint}`, /"0" asks something else.*"Name a river\.".*"Name a city\."/);
});

test("AlpacaEval outputs get an id from the instruction, the same in every file; asked twice, two", async (t) => {
  const outputs = (generator: string, ...pairs: (readonly [string, string])[]) =>
    JSON.stringify(pairs.map(([instruction, output]) => ({ dataset: "koala", instruction, output, generator })));
  const { a, b } = await files(t, {
    a: outputs("m", ["Hi", "Hello"], ["Hi", "Hey"], ["Bye", "Ciao"]),
    b: outputs("n", ["Bye", "Tschau"], ["Hi", "Moin"]),
  });
  const { set, answers, formats } = await setOf([a, b]);
  t.deepEqual(formats, ["alpaca-eval", "alpaca-eval"]);
  const [hi, hiAgain, bye] = set.samples().map(({ id }) => id);
  t.is(set.samples().length, 3);
  t.regex(hi ?? "", /^[0-9a-f]{12}$/);
  t.is(hiAgain, `${hi}.2`);
  t.deepEqual(
    answers.map(({ sampleId, text }) => [sampleId, text]),
    [
      [hi, "Hello"],
      [hiAgain, "Hey"],
      [bye, "Ciao"],
      [bye, "Tschau"],
      [hi, "Moin"],
    ],
  );
  t.deepEqual(set.samples()[0]?.tags, { source: ["koala"] });
});

const question = { question_id: 81, category: "math", turns: ["1 + 1?", "And + 1?"], reference: ["2", "3"] };
const mtAnswer = (id: number | string, model: string, ...choices: unknown[]) => ({
  question_id: id,
  answer_id: "a",
  model_id: model,
  choices: choices.map((turns, index) => ({ index, turns })),
  tstamp: 1.5,
});

test("MT-bench answers: two turns, the second follows; what is missing is counted", async (t) => {
  const { q, a } = await files(t, {
    q: jsonLines([question, { ...question, question_id: 82 }, { ...question, question_id: 83 }]),
    a: jsonLines([
      mtAnswer(81, "m", ["two", "three"], ["zwei", "drei"]),
      mtAnswer(81, "n", ["2"]),
      mtAnswer(82, "m", [null, "three"]),
      mtAnswer(99, "m", ["?", "?"]),
    ]),
  });
  const questions = await Questions.read(q, signal);
  const { set, answers } = await setOf([a], { questions });
  t.deepEqual(set.samples(), [
    { id: "81", messages: user("1 + 1?"), reference: ["2"], tags: { category: ["math"], turn: ["1"] } },
    {
      id: "81-2",
      messages: user("And + 1?"),
      reference: ["3"],
      tags: { category: ["math"], turn: ["2"] },
      follows: "81",
    },
  ]);
  t.deepEqual(
    answers.map(({ sampleId, text, generator }) => [generator, sampleId, text]),
    [
      ["m", "81", "two"],
      ["m", "81-2", "three"],
      ["n", "81", "2"],
    ],
  );
  t.deepEqual(
    set.generators().map(({ leftOut }) => leftOut),
    [{ "further-answer": 1, "no-answer": 1, "turn-before-unanswered": 1, "no-such-question": 1 }, { "no-answer": 1 }],
  );
  t.is(set.unansweredQuestions(), 4);

  const without = await faultOf(t, rowsOf(a));
  t.is(without.at, "IMPORT_FORMAT a:1");
  t.regex(without.hint ?? "", /--questions/);
  const { more } = await files(t, { more: jsonLines([mtAnswer(81, "m", ["1", "2", "3"])]) });
  t.regex((await faultOf(t, setOf([more], { questions }))).message, /row 1: question 81 has 2 turns, but 3/);
  t.regex((await faultOf(t, setOf([q]))).hint ?? "", /--questions/);
});

test("plain rows under each name, with and without ids; what import writes is read with its questions", async (t) => {
  const { a, b, samples, own } = await files(t, {
    a: jsonLines([
      { instruction: "Q", input: "", output: "A" },
      { question: "Q", answer: "B", generator: "x" },
      { prompt: "Q", response: "C", generator: null },
    ]),
    b: JSON.stringify([{ id: 7, prompt: "P", text: "" }]),
    samples: jsonLines([
      { id: "7", instruction: "P", reference: "p", tags: { topic: ["nature"] } },
      { id: "8", follows: "7", instruction: "More?" },
      { id: "9", instruction: "Nobody answers this." },
    ]),
    own: jsonLines([
      { id: "7", text: "one", generator: "m" },
      { id: "8", text: "two", generator: "m" },
      { id: "none", text: "three", generator: "m" },
    ]),
  });
  const first = await setOf([a, b]);
  t.deepEqual(first.formats, ["plain", "plain"]);
  t.deepEqual(
    first.answers.map(({ text, generator }) => [generator, text]),
    [
      ["a", "A"],
      ["x", "B"],
      ["a", "C"],
      ["b", ""],
    ],
  );
  t.deepEqual(
    new Set(first.answers.slice(0, 2).map(({ sampleId }) => sampleId)).size,
    1,
    "one question, whoever answers it",
  );
  const questions = await Questions.read(samples, signal);
  const { set } = await setOf([own], { questions });
  t.deepEqual(set.samples(), [
    { id: "7", messages: user("P"), reference: ["p"], tags: { topic: ["nature"] } },
    { id: "8", messages: user("More?"), reference: [], tags: {}, follows: "7" },
  ]);
  t.deepEqual(set.generators()[0]?.leftOut, { "no-such-question": 1 });
  t.is(set.unansweredQuestions(), 1);
  t.is(questions.turns("7")?.length, 2);
  t.is((await faultOf(t, setOf([own]))).at, "DATASET_FIELD own:1");
});

test("tags of a file of questions join the answers", async (t) => {
  const { q, a } = await files(t, {
    q: jsonLines([{ id: 0, instruction: "Name a city.", category: "regular", task: ["info-seek"], topic: "N/A" }]),
    a: JSON.stringify(toEval),
  });
  const { set } = await setOf([a], { questions: await Questions.read(q, signal) });
  t.deepEqual(set.samples()[0]?.tags, { source: ["koala"], category: ["regular"], task: ["info-seek"] });
});

const odd: readonly (readonly [name: string, rows: readonly unknown[], at: string, says: RegExp])[] = [
  ["no format", [{ a: 1 }], "IMPORT_FORMAT f:1", /row 1: "a".*Looked for:.*aligntds: "pure_input".*plain: one of/s],
  [
    "rows of two formats",
    [
      { id: 0, pure_input: "q", output: ["a"] },
      { id: 0, input: "q", output_cand: "a" },
    ],
    "IMPORT_FORMAT f:2",
    /row 1 looks like aligntds, row 2 like just-eval-result/,
  ],
  [
    "marks of two formats",
    [{ id: 0, pure_input: "q", output: ["a"], input: "q", output_cand: "a" }],
    "IMPORT_FORMAT f:-",
    /more than one format: aligntds .*; just-eval-result .*--format aligntds or --format just-eval-result/,
  ],
  ["a number as output", [{ question: "q", answer: 5 }], "DATASET_FIELD f:1", /row 1: "answer" is 5; wanted is a text/],
  ["a list as instruction", [{ prompt: ["q"], answer: "a" }], "DATASET_FIELD f:1", /"prompt" is a list, \["q"\]/],
  ["an id that is a list", [{ id: [1], prompt: "q", answer: "a" }], "DATASET_FIELD f:1", /"id" is a list/],
  [
    "an id no float holds",
    [{ id: 0.5, prompt: "q", answer: "a" }],
    "DATASET_FIELD f:1",
    /"id" is 0\.5; wanted is a text or/,
  ],
  [
    "instruction and another input",
    [{ instruction: "Sort.", input: "b a", output: "a b" }],
    "DATASET_FIELD f:1",
    /"instruction" as well as "input", and they differ/,
  ],
  [
    "ids in some rows",
    [
      { id: 1, prompt: "q", answer: "a" },
      { prompt: "r", answer: "a" },
    ],
    "DATASET_FIELD f:2",
    /row 2: there is no "id"/,
  ],
  [
    "a generator that is a number",
    [{ prompt: "q", answer: "a", generator: 4 }],
    "DATASET_FIELD f:1",
    /"generator" is 4/,
  ],
  [
    "outputs that are numbers",
    [{ id: 0, pure_input: "q", output: [1] }],
    "DATASET_FIELD f:1",
    /"output" is a list, \[1\]/,
  ],
  [
    "two answers to one id",
    [
      { id: 1, prompt: "q", answer: "a" },
      { id: 1, prompt: "q", answer: "b" },
    ],
    "DATASET_DUPLICATE_ID f:2",
    /differently at .*f:1/,
  ],
];

for (const [name, rows, at, says] of odd) {
  test(`refused: ${name}`, async (t) => {
    const { f } = await files(t, { f: jsonLines(rows) });
    const error = await faultOf(t, setOf([f]));
    t.is(error.at, at);
    t.regex(`${error.message} ${error.hint}`, says);
  });
}

test("a format that is named is the format, and what lacks its fields is refused by name", async (t) => {
  const { f } = await files(t, { f: jsonLines([{ id: 0, prompt: "q", output: "a" }]) });
  const error = await faultOf(t, setOf([f], { format: "aligntds" }));
  t.is(error.at, "DATASET_FIELD f:1");
  t.regex(error.message, /"output" is "a"; wanted is a list of texts/);
  t.regex(
    (await faultOf(t, setOf([f], { format: "just-eval-result" }))).message,
    /there is no "input".*fields are "id", "prompt", "output"/,
  );
  t.regex((await faultOf(t, setOf([f], { format: "alpaca-eval" }))).message, /there is no "instruction"/);
  t.regex((await faultOf(t, setOf([f], { format: "mt-bench" }))).message, /there is no "question_id"/);
});

test("files of questions: a second id, a turn that follows nothing, rows that ask nothing", async (t) => {
  const { twice, orphan, none, noTurns } = await files(t, {
    twice: jsonLines([
      { id: 1, instruction: "a" },
      { id: "1", instruction: "b" },
    ]),
    orphan: jsonLines([{ id: 1, follows: 0, instruction: "a" }]),
    none: jsonLines([{ id: 1, text: "a" }]),
    noTurns: jsonLines([{ question_id: 1, turns: [] }]),
  });
  const fault = (file: string) => faultOf(t, Questions.read(file, signal));
  t.is((await fault(twice)).at, "DATASET_DUPLICATE_ID twice:2");
  t.regex((await fault(orphan)).message, /"follows" names "0"/);
  t.is((await fault(none)).at, "IMPORT_FORMAT none:1");
  t.regex((await fault(noTurns)).message, /"turns" is a list, \[\]; wanted is a list of one/);
});
