import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ErrorCode, Sample } from "@unshift/contracts";
import { checkDataset, checkPlugin } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";
import { commit, fault, folder, folderHub, load, offered, open, write } from "./workshop.js";

const row = (id: number, source: string, change: object = {}) =>
  JSON.stringify({
    id,
    instruction: `question ${id}`,
    source_id: `${source}-${id}`,
    dataset: source,
    category: "regular",
    task: ["info-seek", "math"],
    topic: ["stem"],
    difficulty: "N/A",
    ...change,
  });
const safety = {
  category: "safety",
  task: undefined,
  topic: undefined,
  difficulty: undefined,
  output: "N/A",
  generator: null,
};
const rows = [
  row(0, "helpful_base"),
  row(1, "lima", { difficulty: 3 }),
  row(2, "mt"),
  row(800, "hh-rlhf/red-team-attempts", safety),
  row(900, "MaliciousInstruct", safety),
];
const path = await write("just-eval.jsonl", `${rows.join("\n")}\n`);

test("the package is a plugin, and each of its local forms keeps the contract of a dataset", async (t) => {
  await checkPlugin(plugin);
  t.is((await checkDataset(offered("just-eval"), { options: { path }, folder })).length, 5);
});

test("rows carry all their tags; safety rows ask for a refusal; N/A is no tag", async (t) => {
  const samples = await load("just-eval", { path });
  t.deepEqual(samples[0], {
    id: "0",
    messages: [{ role: "user", content: "question 0" }],
    reference: [],
    tags: {
      task: ["info-seek", "math"],
      topic: ["stem"],
      source: ["helpful_base"],
      suite: ["alpaca-eval"],
      category: ["regular"],
    },
  });
  t.deepEqual(samples[1]?.tags.difficulty, ["3"]);
  t.deepEqual(samples[3]?.tags, {
    source: ["hh-rlhf/red-team-attempts"],
    suite: ["red-team"],
    category: ["safety"],
    kind: ["harmful"],
  });
});

test("the parts are those of their sources", async (t) => {
  for (const [id, ids] of [
    ["alpaca-eval", ["0"]],
    ["lima-test", ["1"]],
    ["red-team", ["800"]],
    ["malicious-instruct", ["900"]],
  ] as const) {
    t.deepEqual(
      (await load(id, { path })).map((sample) => sample.id),
      [...ids],
      id,
    );
  }
});

test("from the hub it is listed, fetched at the listed commit, and pinned in the provenance", async (t) => {
  const hub = folderHub({ "README.md": "x", "test_all_with_tags.jsonl": path, "other.jsonl": path });
  const dataset = await open("just-eval", {}, hub);
  t.deepEqual(dataset.provenance, {
    repo: "re-align/just-eval-instruct",
    revision: "main",
    commit,
    files: ["test_all_with_tags.jsonl"],
  });
  t.deepEqual(
    hub.asked.map(({ revision }) => revision),
    ["main", commit],
  );
  t.is((await load("just-eval", {}, hub)).length, 5);
  const moved = await fault(t, open("just-eval", {}, folderHub({ "new-name.jsonl": path })));
  t.is(moved.code, "DATASET_NOT_FOUND");
  t.regex(moved.message, /new-name\.jsonl/);
  t.is((await load("just-eval", { file: "new-name.jsonl" }, folderHub({ "new-name.jsonl": path }))).length, 5);
  t.is((await fault(t, open("just-eval", {}))).code, "HUB_OFFLINE");
});

test("bad rows are told with file, line and field", async (t) => {
  const faults: [string, ErrorCode, number, RegExp][] = [
    ["not json", "DATASET_SYNTAX", 2, /not JSON/],
    [row(1, "elsewhere"), "DATASET_FIELD", 2, /"dataset" is "elsewhere"/],
    [row(1, "lima", { instruction: 7 }), "DATASET_FIELD", 2, /"instruction" is 7\. Wanted: text/],
    [row(1, "lima", { task: [{}] }), "DATASET_FIELD", 2, /"task"/],
    [row(1, "lima", { category: undefined }), "DATASET_FIELD", 2, /no column "category"; there are id, instruction/],
    [row(0, "lima"), "DATASET_DUPLICATE_ID", 2, /the id "0"/],
  ];
  for (const [index, [line, code, at, says]] of faults.entries()) {
    const name = await write(`bad-${index}.jsonl`, `${row(0, "lima")}\n${line}\n`);
    const error = await fault(t, load("just-eval", { path: name }));
    t.is(error.code, code);
    t.is(error.where?.line, at);
    t.true(error.where?.file.endsWith(name));
    t.regex(error.message, says);
  }
  t.is((await fault(t, load("red-team", { path: await write("lima.jsonl", row(0, "lima")) }))).code, "DATASET_EMPTY");
  t.is((await fault(t, load("just-eval", { path: "nowhere.jsonl" }))).code, "DATASET_NOT_FOUND");
});

/** Rows as the official file has them: so many of each source, regular ones with a task. */
function manyRows(): string[] {
  const counts = { selfinstruct: 113, koala: 76, vicuna: 30, lima: 300, MaliciousInstruct: 100 };
  let id = 0;
  return Object.entries(counts).flatMap(([source, count]) =>
    Array.from({ length: count }, (_, index) =>
      row(id++, source, source === "MaliciousInstruct" ? safety : { task: [index % 4 === 0 ? "coding" : "writing"] }),
    ),
  );
}

test("lite is a fixed tenth of each source with its tasks, in the dataset's order, and says so", async (t) => {
  const file = await write("many.jsonl", manyRows().join("\n"));
  const options = { path: file, lite: true };
  const [all, lite] = [await load("just-eval", { path: file }), await load("just-eval", options)];
  const count = (samples: readonly Sample[], tag: string, value: string) =>
    samples.filter(({ tags }) => tags[tag]?.includes(value)).length;
  for (const [source, wanted] of Object.entries({
    selfinstruct: 11,
    koala: 8,
    vicuna: 3,
    lima: 30,
    MaliciousInstruct: 10,
  }))
    t.is(count(lite, "source", source), wanted, source);
  t.true(Math.abs(count(lite, "task", "coding") - count(all, "task", "coding") / 10) <= 4);
  const chosen = new Set(lite.map(({ id }) => id));
  t.deepEqual(
    lite,
    all.filter(({ id }) => chosen.has(id)),
  );
  const backwards = await write("backwards.jsonl", manyRows().reverse().join("\n"));
  t.deepEqual(
    (await load("just-eval", { path: backwards, lite: true })).map(({ id }) => id).sort(),
    [...chosen].sort(),
  );
  await checkDataset(offered("just-eval"), { options, folder });
  const { provenance } = await open("just-eval", options);
  t.like(provenance, { lite: { samples: lite.length, of: 619, seed: 0 } });
  t.is(provenance?.limited, `${lite.length} of the dataset's 619 samples, the lite set`);
  t.false("limited" in ((await open("just-eval", { path: file })).provenance ?? {}));
  const part = await load("alpaca-eval", options);
  t.deepEqual(
    part,
    lite.filter(({ tags }) => tags.suite?.includes("alpaca-eval")),
    "a part's lite set is the part's of it",
  );
});

/** The official files stand beside the repository on machines of the project; they are not part of it. */
const official = (name: string) => fileURLToPath(new URL(`../../../../../shared/data/${name}`, import.meta.url));

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

test("the official just-eval file has the paper's counts (section 3)", async (t) => {
  const file = official("just-eval/just-eval-instruct.jsonl");
  if (!(await isThere(file))) {
    t.log(`skipped: ${file} is not here`);
    t.false(await isThere(file));
    return;
  }
  const samples = await load("just-eval", { path: file });
  const count = (tag: string, value: string) => samples.filter(({ tags }) => tags[tag]?.includes(value)).length;
  t.is(samples.length, 1000);
  const sources = { selfinstruct: 113, helpful_base: 101, oasst: 100, koala: 76, vicuna: 30, lima: 300, mt: 80 };
  for (const [source, wanted] of Object.entries(sources)) t.is(count("source", source), wanted, source);
  const suites = { "alpaca-eval": 420, "lima-test": 300, "mt-bench": 80, "red-team": 100, "malicious-instruct": 100 };
  for (const [suite, wanted] of Object.entries(suites)) t.is(count("suite", suite), wanted, suite);
  t.is(count("kind", "harmful"), 200);
  const harmful = (from: number, to: number) => (sample: Sample) =>
    Number(sample.id) >= from && Number(sample.id) <= to;
  t.true(samples.filter(harmful(800, 899)).every(({ tags }) => tags.suite?.[0] === "red-team"));
  t.true(samples.filter(harmful(900, 999)).every(({ tags }) => tags.suite?.[0] === "malicious-instruct"));
  const regular = samples.filter(({ tags }) => tags.category?.[0] === "regular");
  t.true(regular.every(({ tags }) => (tags.task?.length ?? 0) > 0 && (tags.topic?.length ?? 0) > 0));
  t.true(
    regular.some(({ tags }) => (tags.task?.length ?? 0) > 1),
    "labels are several",
  );
  const values = (tag: string) => [...new Set(samples.flatMap(({ tags }) => tags[tag] ?? []))].sort();
  t.deepEqual(values("task"), ["coding", "info-seek", "math", "procedure", "reasoning", "role-play", "writing"]);
  t.deepEqual(values("topic"), ["ethics", "finance", "humanities", "lifestyle", "medical", "nature", "stem"]);
  const lite = await load("just-eval", { path: file, lite: true });
  t.is(lite.length, 100);
  const sourcesOfLite = Object.keys(sources).map(
    (source) => lite.filter(({ tags }) => tags.source?.[0] === source).length,
  );
  t.deepEqual(sourcesOfLite, [11, 10, 10, 8, 3, 30, 8]);
  t.is(lite.filter(({ tags }) => tags.kind?.[0] === "harmful").length, 20);
  t.deepEqual([...new Set(lite.flatMap(({ tags }) => tags.task ?? []))].sort(), values("task"), "every task occurs");
  for (const [id, wanted] of Object.entries(suites).filter(([name]) => name !== "mt-bench")) {
    t.is((await load(id, { path: file })).length, wanted, id);
  }
});

test("the official MT-bench file has 80 questions of eight categories and two turns", async (t) => {
  const file = official("mt-bench/question.jsonl");
  if (!(await isThere(file))) {
    t.log(`skipped: ${file} is not here`);
    t.false(await isThere(file));
    return;
  }
  const samples = await load("mt-bench", { path: file });
  t.is(samples.length, 160);
  t.is(new Set(samples.flatMap(({ tags }) => tags.category ?? [])).size, 8);
  const ids = new Set(samples.map(({ id }) => id));
  t.is(samples.filter(({ follows }) => follows !== undefined && ids.has(follows)).length, 80);
  t.is((await load("mt-bench", { path: file, turns: 1 })).length, 80);
});
