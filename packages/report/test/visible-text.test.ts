import test from "ava";
import { count, percent, percentRange, real, signed, tickText } from "../src/app/text/format.js";
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
  for (let n = 0; n < 8 ** 4; n += 1) {
    const text = Array.from({ length: 4 }, (_, i) => alphabet[Math.floor(n / 8 ** i) % 8]).join("");
    const back = visibleParts(text)
      .map((part) =>
        part.kind === "newline" ? "\n" : part.kind === "tab" ? "\t" : part.kind === "code" ? "\u202E" : part.text,
      )
      .join("");
    if (back !== text) return t.fail(JSON.stringify(text));
  }
  t.pass();
});

test("a token on one line shows its spaces", (t) => {
  t.is(inlineText(" the\n"), "·the⏎");
});

test("numbers keep the digits that mean something", (t) => {
  t.is(count(5210), "5,210");
  t.is(percent(0.9312), "93.1\u202f%");
  t.is(percent(0.00512), "0.51\u202f%");
  t.is(percent(0.9999), "99.99\u202f%");
  t.is(percent(1e-9), "<\u202f0.01\u202f%");
  t.is(percent(0), "0\u202f%");
  t.is(percent(null), "–");
  t.is(percentRange(0.918, 0.942), "91.8–94.2\u202f%");
  t.is(percentRange(null, 1), "");
  t.is(real(0.1415), "0.141");
  t.is(real(-2.345), "−2.35");
  t.is(real(12345.6), "12,346");
  t.is(real(0.000031), "3.1·10⁻⁵");
  t.is(real(Number.NEGATIVE_INFINITY), "−∞");
  t.is(signed(real(2), 2), "+2.00");
  t.is(tickText(0.25, true), "25\u202f%");
});
