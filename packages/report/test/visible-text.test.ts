import test from "ava";
import { inlineText, visibleParts } from "../src/app/text/visible-text.js";

test("spaces, line ends and tabs are parts of their own", (t) => {
  t.deepEqual(visibleParts("a  b\n\tc"), [
    { kind: "plain", text: "a" },
    { kind: "space", text: "  " },
    { kind: "plain", text: "b" },
    { kind: "newline" },
    { kind: "tab" },
    { kind: "plain", text: "c" },
  ]);
});

test("what cannot be seen is named", (t) => {
  const codes = visibleParts("\u0000\u001B\u202E\u2066\u200B\uD83D\uFEFF").map((part) =>
    part.kind === "code" ? part.text : part.kind,
  );
  t.deepEqual(codes, ["U+0000", "U+001B", "U+202E", "U+2066", "U+200B", "U+D83D", "U+FEFF"]);
});

test("emoji joined by ZWJ, accents and other scripts stay whole", (t) => {
  for (const text of ["👩‍👩‍👧", "e\u0301", "مرحبا", "你好"]) t.deepEqual(visibleParts(text), [{ kind: "plain", text }]);
});

test("no character is lost, in whatever order they come", (t) => {
  const alphabet = ["a", " ", "\n", "\t", "\u202E", "é", "😀", "<"];
  const changed: string[] = [];
  for (let n = 0; n < 8 ** 4; n += 1) {
    const text = Array.from({ length: 4 }, (_, i) => alphabet[Math.floor(n / 8 ** i) % 8]).join("");
    const back = visibleParts(text)
      .map((part) =>
        part.kind === "newline" ? "\n" : part.kind === "tab" ? "\t" : part.kind === "code" ? "\u202E" : part.text,
      )
      .join("");
    if (back !== text) changed.push(text);
  }
  t.deepEqual(changed, []);
});

test("a token on one line shows its spaces", (t) => {
  t.is(inlineText(" the\n"), "·the⏎");
});
