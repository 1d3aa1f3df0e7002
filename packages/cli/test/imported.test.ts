import test from "ava";
import { parse } from "yaml";
import { experimentText } from "../src/imported/experiment-text.js";
import { systemIds } from "../src/imported/system-ids.js";

/** What ids of systems look like in an experiment; they become names of files. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const names: readonly (readonly [generators: readonly string[], ids: readonly string[]])[] = [
  [["gpt-4-0314"], ["gpt-4-0314"]],
  [
    ["just_results_aligned//gpt-3.5-turbo-0301.json", "m.jsonl"],
    ["gpt-3.5-turbo-0301", "m"],
  ],
  // The last part is not enough where two share it.
  [
    ["a//m.json", "b//m.json", "n"],
    ["a-m", "b-m", "n"],
  ],
  [
    ["Model", "model"],
    ["Model", "model-2"],
  ],
  [
    ["m", "m-2", "M"],
    ["m", "m-2", "M-3"],
  ],
  [
    ["../../etc/passwd", "..", "", "   ", "日本"],
    ["passwd", "generator-2", "generator-3", "generator-4", "generator-5"],
  ],
  [
    ["gp t/4", "日本", "Müller", "generator-2"],
    ["gp-t-4", "generator-2", "Muller", "generator-2-2"],
  ],
  [["URIAL (K=3) with Llama"], ["URIAL-K-3-with-Llama"]],
  [["C:\\out\\x.json"], ["x"]],
];

for (const [generators, ids] of names) {
  test(`ids of ${JSON.stringify(generators)}`, (t) => {
    const found = systemIds(generators);
    t.deepEqual([...found.values()], ids);
    t.deepEqual([...found.keys()], generators);
    for (const id of found.values()) t.regex(id, idPattern);
    t.is(new Set([...found.values()].map((id) => id.toLowerCase())).size, generators.length);
  });
}

test("a long name is cut", (t) => {
  t.is(systemIds(["x".repeat(500)]).get("x".repeat(500))?.length, 80);
});

test("names that YAML would read as something else stay names, and none leaves its comment", (t) => {
  const odd = ["null", "1.0", "true", "1e5", "0x10", "zero-shot"];
  const text = experimentText({
    name: "0123",
    systems: odd.map((id) => ({ id, generator: `${id}\n  injected: true\u2028#`, file: `${id}.answers.jsonl` })),
    model: './a "b": {c}.gguf',
    judges: [],
    sources: [{ name: "x\ny.json", sha256: "00", format: "plain" }],
  });
  const read = parse(text);
  t.is(read.name, "0123");
  t.deepEqual(Object.keys(read.systems), [...odd, "base-zero-shot"]);
  t.deepEqual(read.systems["1.0"], { answers: "./1.0.answers.jsonl" });
  t.deepEqual(
    read.shifts,
    odd.map((id) => ({ answers: id, subjects: ["base-zero-shot"] })),
  );
  t.is(read.models.base.path, './a "b": {c}.gguf');
  t.deepEqual(Object.keys(read), ["name", "models", "dataset", "systems", "shifts"]);
  t.regex(text, /token ids were not in the files/);
});

test("a judge's verdicts stand in the experiment with how to go on", (t) => {
  const counts = { file: "j.verdicts.jsonl", judged: 2, pending: 1, weighed: 0, highest: 9 } as const;
  const text = experimentText({
    name: "x",
    systems: [{ id: "a", generator: "a", file: "a.answers.jsonl" }],
    model: null,
    judges: [
      { ...counts, id: "j-rubric", use: "rubric", aspects: ["relevance"], pairs: [] },
      { ...counts, id: "j-pairwise", use: "pairwise", aspects: ["overall"], pairs: [["a", "b"]] },
    ],
    sources: [],
  });
  const [rubric, pairwise] = parse(text).judges;
  t.like(rubric, { id: "j-rubric", recorded: "./j.verdicts.jsonl", unrecorded: "leave", notApplicable: "exclude" });
  t.like(rubric.aspects[0], { id: "relevance", max: 10 });
  t.like(pairwise, { use: "pairwise", pairs: [["a", "b"]] });
  t.regex(text, /# 2 verdicts, 1 open\. To have the rest judged, put `engine: ID`/);
});
