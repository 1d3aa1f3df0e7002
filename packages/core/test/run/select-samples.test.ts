import type { Sample } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { selectSamples } from "../../src/run/select-samples.js";

const where = { file: "x.yaml" };
const sampleOf = (id: string): Sample => ({ id, messages: [{ role: "user", content: id }], reference: [], tags: {} });
const spec = (limit: number | null, seed: number | null) =>
  ({ use: "d", options: {}, path: ["dataset"], folder: "", limit, seed, ids: null, where: null }) as const;

test("a seeded selection is the same set whatever the dataset's order, and a larger one holds the smaller", (t) => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(ids, fc.nat(), fc.nat(20), (list, seed, size) => {
      const limit = 1 + (size % list.length);
      const chosen = (order: readonly string[], count: number) =>
        selectSamples(order.map(sampleOf), spec(count, seed), where).samples.map(({ id }) => id);
      const forward = chosen(list, limit);
      const backward = chosen(list.toReversed(), limit);
      t.deepEqual(backward.toSorted(), forward.toSorted());
      t.deepEqual(
        forward,
        list.filter((id) => forward.includes(id)),
        "dataset order is kept",
      );
      const smaller = limit > 1 ? chosen(list, limit - 1) : [];
      t.true(smaller.every((id) => forward.includes(id)));
    }),
  );
});

test("a limited selection says so, a whole one does not", (t) => {
  const all = ["a", "b", "c"].map(sampleOf);
  t.is(selectSamples(all, spec(null, null), where).note, null);
  t.is(selectSamples(all, spec(3, 1), where).note, null);
  t.regex(selectSamples(all, spec(2, 1), where).note ?? "", /2 of the dataset's 3 samples, sampled with seed 1/);
});

test("duplicate ids are refused", (t) => {
  t.throws(() => selectSamples([sampleOf("a"), sampleOf("a")], spec(null, null), where), { message: /"a"/ });
});

const tagged = (id: string, task: readonly string[], level?: string): Sample => ({
  ...sampleOf(id),
  tags: { task, ...(level === undefined ? {} : { level: [level] }) },
});
const mixed = [
  tagged("a", ["coding", "math"], "1"),
  tagged("b", ["writing"], "1"),
  tagged("c", ["math"], "2"),
  tagged("d", ["coding"]),
];

test("tags choose: one of a tag's values is enough, every tag must fit, and the note says it", (t) => {
  const chosen = (wanted: Record<string, string[]>, limit: number | null = null) =>
    selectSamples(mixed, { ...spec(limit, null), where: wanted }, where);
  const ids = (wanted: Record<string, string[]>) => chosen(wanted).samples.map(({ id }) => id);
  t.deepEqual(ids({ task: ["coding"] }), ["a", "d"]);
  t.deepEqual(ids({ task: ["writing", "math"] }), ["a", "b", "c"]);
  t.deepEqual(ids({ task: ["math"], level: ["2"] }), ["c"]);
  t.is(chosen({ task: ["coding"] }).note, "limited: 2 of the dataset's 4 samples, task: coding");
  t.is(chosen({ task: ["coding"] }, 1).note, "limited: 1 of the dataset's 4 samples, task: coding, the first ones");
  const both = selectSamples(mixed, { ...spec(null, null), ids: ["d", "b"], where: { task: ["coding"] } }, where);
  t.deepEqual(
    both.samples.map(({ id }) => id),
    ["d"],
  );
  t.throws(() => chosen({ task: ["writing"], level: ["2"] }), { code: "DATASET_EMPTY" });
});

test("a tag or value that no sample has is refused with what there is", (t) => {
  const choose = (wanted: Record<string, string[]>) => () =>
    selectSamples(mixed, { ...spec(null, null), where: wanted }, where);
  t.throws(choose({ tsk: ["coding"] }), {
    code: "CONFIG_UNKNOWN_REFERENCE",
    message: /"tsk"\. There are: level, task\./,
  });
  t.throws(choose({ task: ["codin"] }), {
    message: /the tag "task" "codin"\. There are: coding, math, writing\. Did you mean "coding"/,
  });
});
