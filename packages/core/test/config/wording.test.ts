import test from "ava";
import fc from "fast-check";
import { describe, dotted, listed, nearest } from "../../src/config/wording.js";

test("nearest: a typo, another case, the beginning of a name", (t) => {
  const names = ["model", "strategy", "decoding", "temperature", "topP"];
  t.is(nearest("modle", names), "model");
  t.is(nearest("MODEL", names), "model");
  t.is(nearest("temp", names), "temperature");
  t.is(nearest("xyzzy", names), null);
  t.is(nearest("ab", ["cd"]), null);
  t.is(nearest("x", []), null);
});

test("nearest gives one of the candidates or nothing, and a name itself where it is there", (t) => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string({ minLength: 1 })), (name, candidates) => {
      const near = nearest(name, candidates);
      t.true(near === null || candidates.includes(near));
      if (near === null) t.false(candidates.includes(name));
    }),
  );
});

test("found values are shown with their type, long ones cut", (t) => {
  t.is(describe("a\n"), '"a\\n" (string)');
  t.is(describe(0.5), "0.5 (number)");
  t.is(describe([]), "an empty list");
  t.is(describe({ a: 1, b: 2, c: 3, d: 4, e: 5 }), "a map with a, b, c, d, …");
  t.is(describe("x".repeat(100)).length, 60 + 2 + " (string)".length);
});

test("paths and lists of names", (t) => {
  t.is(dotted(["shifts", 0, "subjects", 1]), "shifts[0].subjects[1]");
  t.is(dotted([]), "the experiment");
  t.is(listed([]), "none");
  t.true(listed(Array.from({ length: 40 }, (_, index) => `n${index}`)).endsWith("n29 and 10 more"));
});
