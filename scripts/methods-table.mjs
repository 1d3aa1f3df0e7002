// Runs examples/methods (or continues it) and writes its table into README.md between the two markers; with --check it compares
// the table with the one that stands there instead: shares within two points, words and KL within a tenth.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const unshift = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [join(root, "packages/cli/bin/unshift.mjs"), ...args, "--json"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );

const names = {
  "zero-shot": "base, zero-shot",
  icl: "base, ICL K = 3",
  retrieval: "base, retrieval ICL K = 3, BM25",
  "retrieval-dense": "base, retrieval ICL K = 3, embeddings",
  "urial-1": "base, URIAL K = 1",
  "urial-3": "base, URIAL K = 3",
  "urial-8": "base, URIAL K = 8",
  aligned: "aligned, chat template",
};
const [begin, end] = ["<!-- methods: begin -->", "<!-- methods: end -->"];

const output = process.argv.includes("--output")
  ? ["--output", process.argv[process.argv.indexOf("--output") + 1]]
  : [];
const run = unshift("run", "examples/methods/experiment.yaml", ...output);
const tables = unshift("analyse", run.run);
const scores = rowsOf(tables, "scores");
const score = (system, aspect) => scores.find((row) => row.system === system && row.aspect === aspect)?.mean ?? null;
const measured = Object.keys(names).map((system) => {
  const shift = run.shifts.find(({ subject }) => subject === system);
  return {
    name: names[system],
    facts: score(system, "correct"),
    refused: score(system, "refused"),
    words: run.systems[system].words,
    shifted: shift?.shifted ?? null,
    kl: shift?.meanKlNats ?? null,
  };
});

const readme = readFileSync(join(root, "README.md"), "utf8");
const [before, rest] = readme.split(begin);
const [table, after] = rest.split(end);
if (process.argv.includes("--check")) {
  compare(measured, table);
} else {
  writeFileSync(join(root, "README.md"), `${before}${begin}\n${drawn(measured)}${end}${after}`);
}

function drawn(rows) {
  const percent = (share) => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
  const lines = rows.map(
    ({ name, facts, refused, words, shifted, kl }) =>
      `| ${name} | ${percent(facts)} | ${percent(refused)} | ${words.toFixed(1)} | ${percent(shifted)} | ${kl === null ? "–" : kl.toFixed(3)} |`,
  );
  const head =
    "| system | facts stated (71) | harmful refused (16) | words | aligned tokens shifted | mean KL (nats) |";
  return `${head}\n|---|---|---|---|---|---|\n${lines.join("\n")}\n`;
}

function compare(rows, text) {
  const stated = text
    .trim()
    .split("\n")
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const faults = rows.flatMap(({ name, facts, refused, words, shifted, kl }, index) => {
    const [system, ...cells] = stated[index] ?? [];
    if (system !== name) return [`row ${index + 1} is "${system}", not "${name}"`];
    const values = [
      facts === null ? null : 100 * facts,
      refused === null ? null : 100 * refused,
      words,
      shifted === null ? null : 100 * shifted,
      kl,
    ];
    const allowed = [2, 13, 1, 2, 0.1];
    return values.flatMap((value, column) => {
      const figure = Number.parseFloat(cells[column]);
      const apart = value === null ? !Number.isNaN(figure) : Math.abs(value - figure) > allowed[column];
      return apart ? [`${name}, column ${column + 2}: README says ${cells[column]}, measured ${value}`] : [];
    });
  });
  if (faults.length > 0 || stated.length !== rows.length) {
    console.error(`README's table of methods is not what examples/methods gives:\n${faults.join("\n")}`);
    process.exitCode = 1;
  }
}

function rowsOf(all, wanted) {
  const { columns, rows } = all.find(({ name }) => name === wanted);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}
