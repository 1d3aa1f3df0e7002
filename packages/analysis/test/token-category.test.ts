import test from "ava";
import { categoryOf, discourseGroups, discourseWords, stopwords, type TokenCategory } from "../src/index.js";

const cases: readonly (readonly [string, TokenCategory])[] = [
  ["", "format"],
  [" ", "format"],
  ["\n\n", "format"],
  ["**", "format"],
  [" ##", "format"],
  ["```", "format"],
  ["|", "format"],
  ["---", "format"],
  ["\n-", "format"],
  ["-\n", "format"],
  ["-", "punctuation"],
  ["–", "punctuation"],
  [",", "punctuation"],
  [' "', "punctuation"],
  [".\n", "punctuation"],
  ["**:", "punctuation"],
  ["$", "punctuation"],
  ["12", "number"],
  [" 1.", "number"],
  ["3,000", "number"],
  ["½", "number"],
  ["50%", "number"],
  [" The", "stopword"],
  ["of", "stopword"],
  [" don’t", "stopword"],
  ["'s", "stopword"],
  ["Thank", "discourse"],
  [" However", "discourse"],
  [" here", "discourse"],
  ["apolog", "discourse"],
  [" CANNOT", "discourse"],
  [" Paris", "other"],
  ["ing", "other"],
  ["\\xE2", "other"],
  ["3rd", "other"],
  ["Zürich", "other"],
  ["東京", "other"],
];

for (const [text, category] of cases) {
  test(`${JSON.stringify(text)} is ${category}`, (t) => {
    t.is(categoryOf(text, false), category);
  });
}

test("a control token is special whatever it spells", (t) => {
  for (const text of ["</s>", "the", "", "12"]) t.is(categoryOf(text, true), "special");
});

test("lists hold lower-case words, each once within its group", (t) => {
  for (const word of [...discourseWords, ...stopwords]) t.regex(word, /^[a-z']+$/);
  for (const words of Object.values(discourseGroups)) {
    const list = words.split(/\s+/);
    t.is(new Set(list).size, list.length);
  }
});
