import test from "ava";
import fc from "fast-check";
import { sparkline } from "../src/output/sparkline.js";
import { terminalLine, terminalText } from "../src/output/terminal-text.js";
import { answerText } from "../src/show/answer-text.js";

test("tokens stand between the marks of their class where there are no colours; spaces stay outside, line ends show", (t) => {
  const positions = [
    { text: "Sure", class: "shifted" },
    { text: " thing", class: "marginal" },
    { text: "!", class: "unshifted" },
    { text: "\n\n", class: "shifted" },
    { text: "  ", class: "marginal" },
    { text: " ", class: "unshifted" },
    { text: ".\n", class: "shifted" },
    { text: "\u001b[31m", class: "marginal" },
  ] as const;
  t.is(answerText(positions, false), "«Sure» ‹thing›!«⏎⏎»\n\n‹␣␣› «.⏎»\n‹<U+001B>[31m›");
  t.true(answerText(positions, true).startsWith("\u001b[1m\u001b[30m\u001b[43mSure\u001b["));
});

test("a strip has a bar for each value, the largest of each stretch where there are too many, blanks for no number", (t) => {
  t.is(sparkline([0, 1, 2, 4, 8], 10, 8), "▁▁▂▄█");
  t.is(sparkline([0, 8, 0, 0, 1, 16], 3, 8), "█▁█");
  t.is(sparkline([Number.NaN, 8, Number.NaN], 3, 8), " █ ");
  t.is(sparkline([], 5, 1), "");
  t.is(sparkline([0, 0], 5, 0), "▁▁");
});

test("property: nothing that moves the cursor or reorders a line is left in a text, and plain text stays as it is", (t) => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      t.notRegex(terminalText(text).replace(/[\n\t]/g, ""), /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
      t.notRegex(terminalLine(text), /[\n\t]/);
    }),
  );
  t.is(terminalText("日本語 עברית 👩‍🚀 a\tb\n"), "日本語 עברית 👩‍🚀 a\tb\n");
});
