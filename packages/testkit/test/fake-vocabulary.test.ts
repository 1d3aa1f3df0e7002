import test from "ava";
import fc from "fast-check";
import { createFakeEngine } from "../src/index.js";
import { openFake, prompt } from "./open-fake.js";

test("every text is spelled, and its ids give it back", async (t) => {
  const { vocabulary } = await openFake(createFakeEngine(), "base");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, parseSpecial) => {
      const wellFormed = Buffer.from(text, "utf8").toString("utf8");
      return vocabulary.decode(vocabulary.encode(text, parseSpecial)) === wellFormed;
    }),
  );
  t.is(vocabulary.decode(vocabulary.encode("Où est le café 日本 🙂?\n```\n", false)), "Où est le café 日本 🙂?\n```\n");
});

test("text is cut greedily, so a seam changes ids", async (t) => {
  const { vocabulary } = await openFake(createFakeEngine(), "base");
  t.is(vocabulary.encode(" capital", false).length, 1);
  t.deepEqual(vocabulary.encode("ing", false).length, 1);
  t.true(vocabulary.encode("in", false).length + vocabulary.encode("g", false).length > 1);
});

test("control tokens are parsed only where the prompt says so", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const plain = model.encode(prompt("<|end|>"));
  const parsed = model.encode(prompt("<|end|>", { parseSpecial: true }));
  t.true(plain.ids.length > 2);
  t.is(parsed.ids.length, 2);
  t.deepEqual(model.token(parsed.ids[1] ?? -1), { id: 5, text: "<|end|>", special: true });
});

test("there is one BOS, never two, and none where none is asked for", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  t.deepEqual(Array.from(model.encode(prompt("Hello")).ids).slice(0, 1), [0]);
  t.is(Array.from(model.encode(prompt("<s>Hello", { parseSpecial: true })).ids).filter((id) => id === 0).length, 1);
  t.not(model.encode(prompt("Hello", { bos: "never" })).ids[0], 0);
  t.deepEqual(Array.from(model.encode(prompt("")).ids), [0]);
});

test("prefixLength counts leading ids that the static part and the whole share", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  const staticText = "# Query:\n```\n";
  const one = model.encode(prompt(`${staticText}The city`, { staticChars: staticText.length }));
  const two = model.encode(prompt(`${staticText}a river`, { staticChars: staticText.length }));
  t.true(one.prefixLength > 2);
  t.deepEqual(Array.from(one.ids.slice(0, one.prefixLength)), Array.from(two.ids.slice(0, two.prefixLength)));
  t.is(model.encode(prompt("Hello", { staticChars: 5 })).prefixLength, 1, "one id stays behind the prefix");
});

test("a byte that is no character shows as the byte it is", async (t) => {
  const model = await openFake(createFakeEngine(), "base");
  t.is(model.token(6 + 0xe2).text, "\\xE2");
  t.throws(() => model.token(100_000), { instanceOf: RangeError });
});
