import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { Bm25Index } from "../src/bm25/bm25-index.js";
import { postingsOf, readPostings, writePostings } from "../src/bm25/postings.js";
import { wordsOf } from "../src/bm25/words.js";
import type { CacheWork, Documents } from "../src/cache/documents.js";

const work: CacheWork = { signal: new AbortController().signal, note: () => undefined, progress: () => undefined };
const documentsOf = (texts: readonly string[]) =>
  ({
    size: texts.length,
    instructions: async (from: number, to: number) => texts.slice(from, to),
  }) as unknown as Documents;
const indexOf = async (texts: readonly string[], k1 = 1.2, b = 0.75) =>
  new Bm25Index(await postingsOf(documentsOf(texts), "words", work), { k1, b });
const never = () => false;

test("the score of every document, against figures worked out from the formula", async (t) => {
  const texts = ["the cat sat on the mat", "the dog chased the cat", "a bird sang"];
  // Worked out apart with Python's floats from Robertson and Zaragoza 2009 (eq. 3.15) and Lucene's idf: N = 3, mean length 14/3.
  const figures: readonly (readonly [string, number, number, readonly number[]])[] = [
    ["the cat", 1.2, 0.75, [1.01900364, 1.090187545, 0]],
    ["the the bird", 1.2, 0.75, [1.196372874, 1.267055736, 1.148651749]],
    ["cat sang cow", 1.5, 0.5, [0.43289808, 0.460143413, 1.098528763]],
    // k1 = 0: a word counts once, by its weight alone.
    ["the bird", 0, 0.75, [Math.log(1.6), Math.log(1.6), Math.log(1 + 2.5 / 1.5)]],
  ];
  for (const [question, k1, b, expected] of figures) {
    const found = await (await indexOf(texts, k1, b)).search(question, 3, never);
    const scores = expected.map((_, row) => found.find((each) => each.row === row)?.score ?? Number.NaN);
    for (const [row, score] of scores.entries())
      t.true(Math.abs(score - (expected[row] ?? 0)) < 1e-8, `${question} ${row}: ${score}`);
  }
});

/** The formula again, over texts and nothing else. */
function slowScores(texts: readonly string[], question: string, k1: number, b: number): number[] {
  const documents = texts.map((text) => wordsOf(text));
  const mean = documents.flat().length / documents.length || 1;
  return documents.map((document) => {
    let score = 0;
    for (const word of wordsOf(question)) {
      const holding = documents.filter((each) => each.includes(word)).length;
      const times = document.filter((each) => each === word).length;
      if (times === 0) continue;
      const idf = Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5));
      score += (idf * times * (k1 + 1)) / (times + k1 * (1 - b + (b * document.length) / mean));
    }
    return score;
  });
}

test("any corpus, question and parameters: the scores and the order of the slow way", async (t) => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "dd", "E", "日本", "é", "!"), { maxLength: 12 })
    .map((words) => words.join(" "));
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 20 }),
      text,
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (texts, question, k1, b) => {
        const expected = slowScores(texts, question, k1, b);
        const found = await (await indexOf(texts, k1, b)).search(question, texts.length, never);
        t.is(found.length, texts.length);
        for (const { row, score } of found) t.true(Math.abs(score - (expected[row] ?? Number.NaN)) < 1e-9);
        for (const [at, { row, score }] of found.entries()) {
          const next = found[at + 1];
          t.true(next === undefined || score > next.score || (score === next.score && row < next.row));
        }
      },
    ),
  );
});

test("skipped rows are not among them, and the next ones are", async (t) => {
  const index = await indexOf(["red", "red red", "red blue", "green"]);
  const all = (await index.search("red", 4, never)).map(({ row }) => row);
  t.deepEqual(
    (await index.search("red", 2, (row) => row === all[0])).map(({ row }) => row),
    all.slice(1, 3),
  );
  t.deepEqual(await index.search("nothing known", 2, (row) => row === 1), [
    { row: 0, score: 0 },
    { row: 2, score: 0 },
  ]);
});

test("words: Unicode form, case, marks; scripts without spaces by character", (t) => {
  t.deepEqual(wordsOf("The CAFÉ, cafe\u0301 — don't_stop 3.5 ﬁne"), [
    "the",
    "café",
    "café",
    "don",
    "t",
    "stop",
    "3",
    "5",
    "fine",
  ]);
  t.deepEqual(wordsOf("abc日本です"), ["abc", "日", "本", "で", "す"]);
  t.deepEqual(wordsOf("हिन्दी Straße"), ["हिन्दी", "straße"]);
  t.deepEqual(wordsOf(" ?! "), []);
});

test("written and read again it is the same", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "postings-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const texts = Array.from(
    { length: 2_500 },
    (_, row) => `word${row % 97} word${row % 13} ${"again ".repeat(row % 5)}`,
  );
  const made = await postingsOf(documentsOf(texts), "words", work);
  t.deepEqual(await writePostings(made, folder), { documents: 2_500, words: 98, postings: made.documents.length });
  t.deepEqual(await readPostings(folder), made);
});
