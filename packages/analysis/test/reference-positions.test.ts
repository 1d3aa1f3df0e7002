import test from "ava";
import { openPositions, referencePositions, seededRandom } from "../src/index.js";
import { type MadeRow, madeRows, shiftOf } from "./made-shift.js";

const endOfText = 0;

/** Positions found in an answer of the given token texts; ids are 10, 11, …, the text `</s>` being special. */
function found(tokens: readonly string[], references: readonly string[]): number[] {
  const drawn = madeRows({ q: tokens.length }, seededRandom(1, "text"));
  const rows = drawn.map(
    (row, i): MadeRow => ({ ...row, text: tokens[i] ?? "", id: tokens[i] === "</s>" ? endOfText : 10 + i }),
  );
  return referencePositions(openPositions(shiftOf("a", "b", rows)), 0, references);
}

test("tokens that overlap the statement are found, whatever the case", (t) => {
  t.deepEqual(found(["The", " capital", " is", " par", "is", "."], ["Paris"]), [3, 4]);
  t.deepEqual(found([" PARIS", " and", " Paris"], ["paris"]), [0, 2]);
});

test("only whole words count", (t) => {
  t.deepEqual(found([" Par", "isian", " comparison"], ["Paris"]), []);
  t.deepEqual(found([" 1", "9", "8", "4"], ["98"]), []);
  t.deepEqual(found([" Ä", "paris"], ["Paris"]), []);
  t.deepEqual(found([" (b", ")x"], ["(b)"]), [0, 1]);
});

test("any white space stands for white space, and every statement is looked for", (t) => {
  t.deepEqual(
    found(["New", "\n", "York", " City", " or", " Rome"], ["new york", "York City", "Rome", " ", ""]),
    [0, 1, 2, 3, 5],
  );
});

test("characters split over byte tokens belong to all of them", (t) => {
  t.deepEqual(found(["Z", "\\xC3", "\\xBC", "rich", "!"], ["Zürich"]), [0, 1, 2, 3]);
  t.deepEqual(found(["a", "\\xC3", "b"], ["b"]), [2]);
});

test("control tokens are no text", (t) => {
  t.deepEqual(found(["It", "</s>"], ["s", "</s>"]), []);
  t.deepEqual(found([" Paris", "</s>"], ["Paris"]), [0]);
});

test("signs in a statement are taken as they are", (t) => {
  t.deepEqual(found(["C", "++", " a.b", " axb"], ["C++", "a.b"]), [0, 1, 2]);
});

test("without statements nothing is found", (t) => {
  t.deepEqual(found(["a"], []), []);
});
