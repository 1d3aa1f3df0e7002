import test from "ava";
import fc from "fast-check";
import { chosenAspects } from "../src/aspects.js";
import { isSkipped, judgementOf, ratingOf } from "../src/judgement.js";
import type { Rating, ShownAspect } from "../src/protocol.js";
import { raterName, requireRaterName } from "../src/rater-name.js";
import { readRating } from "../src/read-rating.js";

const aspects: readonly ShownAspect[] = ["one", "two"].map((id) => ({ id, title: id, hint: "", min: 1, max: 5 }));
const note = fc.string().map((text) => (text.trim() === "" ? "" : text));
const rating: fc.Arbitrary<Rating> = fc.oneof(
  fc.record({ kind: fc.constant("skipped" as const), note }),
  fc.record({
    kind: fc.constant("pairwise" as const),
    choices: fc.record({ one: fc.constantFrom("a", "b", "tie"), two: fc.constantFrom("a", "b", "tie") }),
    note,
  }),
  fc.record({
    kind: fc.constant("rubric" as const),
    scores: fc.record({
      one: fc.option(fc.integer({ min: 1, max: 5 })),
      two: fc.option(fc.integer({ min: 1, max: 5 })),
    }),
    note,
  }),
);

test("what was rated comes back from its verdict, whichever side the system stood on", (t) => {
  fc.assert(
    fc.property(rating, fc.boolean(), (given, turned) => {
      const judgement = judgementOf(given, turned);
      t.deepEqual(ratingOf(judgement, turned, ["one", "two"]), given);
      t.is(isSkipped(judgement), given.kind === "skipped");
      t.deepEqual(readRating(given, given.kind === "skipped" ? "rubric" : given.kind, aspects), given);
    }),
  );
});

test("the left answer better is the verdict's own or the other system, by the side it stood on", (t) => {
  const left: Rating = { kind: "pairwise", choices: { overall: "a" }, note: "" };
  t.deepEqual(judgementOf(left, false), { status: "preferred", preferences: { overall: "answer" } });
  t.deepEqual(judgementOf(left, true), { status: "preferred", preferences: { overall: "against" } });
});

test("all that is no rating is refused", (t) => {
  for (const [value, mode] of [
    [null, "rubric"],
    [[], "rubric"],
    [{ kind: "rubric" }, "rubric"],
    [{ kind: "rubric", scores: { one: 1 } }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 6 } }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 1.5 } }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: "2" } }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 2, three: 3 } }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 2 }, note: 7 }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 2 }, note: "x".repeat(10_001) }, "rubric"],
    [{ kind: "rubric", scores: { one: 1, two: 2 } }, "pairwise"],
    [{ kind: "pairwise", choices: { one: "a", two: "c" } }, "pairwise"],
    [JSON.parse('{"kind":"rubric","scores":{"__proto__":1,"one":1}}'), "rubric"],
  ] as const) {
    t.true("wrong" in readRating(value, mode, aspects), JSON.stringify(value)?.slice(0, 80));
  }
});

test("aspects: the usual five, overall, those named, scales of the run's judges", (t) => {
  const manifest = {
    experiment: { judges: [{ aspects: [{ id: "safety", title: "Safety", min: 1, max: 10, meaning: "" }] }] },
  };
  t.deepEqual(
    chosenAspects("rubric", null, manifest).map(({ id, min, max }) => [id, min, max]),
    ["helpfulness", "clarity", "factuality", "depth", "engagement"].map((id) => [id, 1, 5]),
  );
  t.deepEqual(
    chosenAspects("pairwise", null, manifest).map(({ id }) => id),
    ["overall"],
  );
  t.deepEqual(
    chosenAspects("rubric", "safety, brevity:0:3,clarity", manifest).map(({ id, title, min, max }) => [
      id,
      title,
      min,
      max,
    ]),
    [
      ["safety", "Safety", 1, 10],
      ["brevity", "brevity", 0, 3],
      ["clarity", "Clarity", 1, 5],
    ],
  );
  for (const wrong of ["", "a:1", "a:5:1", "a:0:100", "a,a", "a b", "1a"]) {
    t.throws(() => chosenAspects("rubric", wrong, manifest), { code: "USAGE" }, wrong);
  }
});

test("a rater's name is one however it is written; what would not do as an id is refused", (t) => {
  t.is(raterName("  Ada Lovelace "), "ada-lovelace");
  t.is(raterName("Zoe\u0308"), "zoë");
  for (const wrong of ["", " ", "a:b", "../x", "-x", "x".repeat(41), "a\0b", "a/b"])
    t.is(raterName(wrong), null, wrong);
  t.throws(() => requireRaterName("a/b"), { code: "USAGE" });
});
