import { fencedStopAlways, fencedStops, fencedTrimEnd } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { findStop, trimmedLength } from "../src/fake-engine/fake-stops.js";
import { createFakeEngine } from "../src/index.js";
import { answersOf, openFake, prompt } from "./open-fake.js";

const fenced = { stop: fencedStops, stopAlways: fencedStopAlways, trimEnd: fencedTrimEnd, codeBlocks: true };

/** The answer a text is cut to, in one piece; null where nothing stops it. */
function answer(text: string, rules: Parameters<typeof findStop>[0] = fenced): string | null {
  const stop = findStop(rules, text, 1);
  return stop === null ? null : text.slice(0, stop.at);
}

test("a code block of the answer is a part of it", (t) => {
  for (const [text, expected] of [
    ["Like this:\n```python\nx\n```\nDone.\n```\n", "Like this:\n```python\nx\n```\nDone."],
    ["```python\nx\n```\n```\n", "```python\nx\n```"],
    ["a\n```c\n```\n\n```\n", "a\n```c\n```\n"],
    ["a\n```` md\n```\nx\n`````\n```\n", "a\n```` md\n```\nx\n`````"],
    ["a\n```c\n# Query: x\n\n# User: y\n```  \n```\n", "a\n```c\n# Query: x\n\n# User: y\n```  "],
    ["a\n```c\nx\n\n# Query:\n```\nnext", "a\n```c\nx\n"],
    ["a\n```c\nx\n\n# Query: y\n", null],
    ["Use ```x``` here\n```\n", "Use ```x``` here"],
    ["```x``` in a line\n```\n", "```x``` in a line"],
    [" ```sh\n```\n", " ```sh"],
    ["Hello.\n\n# Query:\nmore", "Hello.\n"],
    ["```\nmore", ""],
    ["```", null],
  ] as const) {
    t.is(answer(text), expected, JSON.stringify(text));
  }
  t.is(answer("a\n```c\nx\n```\n", { stop: fencedStops }), "a\n```c\nx", "without codeBlocks a fence is a fence");
});

test("what ends by itself: the prompt's fence is cut, a block's own is not", (t) => {
  const kept = (text: string) => text.slice(0, trimmedLength(fenced, text));
  t.is(kept("Hello.\n```"), "Hello.");
  t.is(kept("```py\nx\n```"), "```py\nx\n```");
  t.is(kept("```py\nx\n```\nDone.\n```"), "```py\nx\n```\nDone.");
  t.is(kept("```"), "");
  t.is(kept("``"), "``");
});

test("the one that ends first counts, then the longest", (t) => {
  t.deepEqual(findStop({ stop: ["cd", "bc", "bcd"] }, "abcd", 1), { text: "bc", at: 1 });
  t.deepEqual(findStop({ stop: ["d", "cd", "abcd", "bcd"] }, "abcd", 1), { text: "abcd", at: 0 });
});

const part = fc.constantFrom(
  "`",
  "```",
  "````",
  "\n",
  " ",
  "x",
  "# Query:",
  "```py\n",
  "\n```\n",
  "\n# User:",
  "\n# Query:\n```",
);

test("how a text is split into tokens changes no cut", (t) => {
  let stopped = 0;
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (parts, sizes) => {
        const text = parts.join("");
        const whole = findStop(fenced, text, 1);
        let grown = "";
        let found = null;
        for (let turn = 0; found === null && grown.length < text.length; turn += 1) {
          const before = grown.length;
          grown += text.slice(before, before + (sizes[turn % sizes.length] ?? 1));
          found = findStop(fenced, grown, before + 1);
        }
        stopped += whole === null ? 0 : 1;
        t.deepEqual(found, whole);
      },
    ),
    { numRuns: 500 },
  );
  t.true(stopped > 50, `only ${stopped} texts were stopped`);
});

test("an answer of the fake model is cut by the same rules", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const [free] = await answersOf(model, [prompt("Name a river.")], { maxTokens: 40 });
  if (free === undefined) return t.fail();
  const word = free.text.slice(5, 9);
  const [always] = await answersOf(model, [prompt("Name a river.", { stopAlways: [word], codeBlocks: true })], {
    maxTokens: 40,
  });
  t.is(always?.finishReason, "stop");
  t.is(always?.stop, word);
  t.is(always?.text, free.text.slice(0, free.text.indexOf(word)));
});
