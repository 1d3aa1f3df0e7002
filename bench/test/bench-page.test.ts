import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { benchPage, measures } from "../src/index.js";
import { repository } from "../src/repository.js";
import type { BenchDocument } from "../src/results/bench-document.js";

const folder = join(repository, "docs", "reference");
const published = async () => JSON.parse(await readFile(join(folder, "benchmarks.json"), "utf8")) as BenchDocument;

test("the published page is what its JSON says: node bench/scripts/write-page.mjs", async (t) => {
  t.is(await readFile(join(folder, "benchmarks.md"), "utf8"), benchPage(await published()));
});

test("published figures were taken in earnest, with measures that still exist under these titles", async (t) => {
  const { options, measures: taken } = await published();
  t.false(options.quick);
  t.true(options.rounds >= 5);
  for (const { id, title } of taken) t.is(measures.find((measure) => measure.id === id)?.title, title);
});

test("a page names what could not be measured, what differs, and what else ran", (t) => {
  const document: BenchDocument = {
    format: "unshift-bench/1",
    date: "2026-01-02T03:04:05.000Z",
    command: "unshift bench",
    machine: {
      ...{ cpu: "A processor", logicalCores: 4, usableCores: 2, memoryBytes: 8e9 },
      ...{ system: "A system", node: "20.0.0", devices: ["A card"] },
    },
    versions: { unshift: "0.0.1" },
    options: { rounds: 1, threads: 2, gpuLayers: 0, quick: true, model: null, twin: null, answers: "some" },
    measures: [
      { id: "P1", title: "Not here", meaning: "Something.", unavailable: "its peer cannot be built" },
      {
        ...{ id: "P2", title: "Here", meaning: "Something else.", date: "2026-01-02T03:05:00.000Z" },
        quiet: { load: [0.1, 1.9], busy: [0.5, 0], warning: "something else ran" },
        work: { tokens: 7 },
        sides: [
          { id: "theirs", title: "Their program" },
          { id: "ours", title: "Unshift" },
        ],
        rounds: [{ theirs: { seconds: 3, storedBytes: 304_000 }, ours: { seconds: 1.5, storedBytes: 0 } }],
        figures: [
          {
            ...{ id: "time", title: "theirs / ours", unit: "×", target: { direction: "at least", value: 1.1 } },
            ...{ values: [2], median: 2, min: 2, max: 2, met: true },
          },
        ],
        check: { agree: false, text: "1 nat apart" },
      },
    ],
  };
  const page = benchPage(document);
  t.is(page, benchPage(JSON.parse(JSON.stringify(document)) as BenchDocument));
  t.true(page.includes("| P2 | theirs / ours | ≥ 1.1 × | 2 × | 2 × | 2 × | results differ |"));
  t.true(page.includes("| 1 | 3 | 304 kB | 1.5 | 0 B |"));
  t.true(page.includes("Not measured here: its peer cannot be built"));
  t.true(page.includes("**the sides differ**: 1 nat apart"));
  t.true(page.includes("**something else ran**"));
});
