import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { unshift, workFolder } from "../unshift.mjs";

const files = {
  "shared.yaml": `models: { base: "builtin:tiny-base", aligned: "builtin:tiny-aligned" }
dataset: { use: builtin, limit: 3 }
decoding: { maxTokens: 6 }
systems: { chat: { model: aligned, strategy: chat } }
`,
  "experiment.yaml": `extends: ./shared.yaml
matrix:
  model: [base, aligned]
  strategy: { zero-shot: zero-shot, k1: { use: urial, prompt: "builtin:k1" } }
  exclude: [{ model: aligned, strategy: k1 }]
shifts: [{ answers: chat, subjects: ["base.*"] }]
report: { formats: [] }
`,
};
const systems = ["chat", "base.zero-shot", "base.k1", "aligned.zero-shot"];

test("a matrix is planned, run over named samples, and planned again with what is cached and how long it takes", async (t) => {
  const cwd = await workFolder(t, files);
  const before = await unshift(["plan", "experiment.yaml", "--json"], { cwd });
  t.is(before.code, 0, before.stdout);
  t.deepEqual(Object.keys(before.json.systems), systems);
  t.deepEqual(before.json.totals.answers, { items: 12, cached: 0, toDo: 12, seconds: null });

  const ids = ["fact-owl-diet", "fact-portugal-capital"];
  const run = await unshift(["run", "experiment.yaml", "--json", ...ids.flatMap((id) => ["--sample", id])], { cwd });
  t.is(run.code, 0, run.stdout);
  t.deepEqual(Object.keys(run.json.systems), systems);
  t.deepEqual(
    run.json.shifts.map(({ answers, subject, samples }) => [answers, subject, samples]),
    [
      ["chat", "base.zero-shot", 2],
      ["chat", "base.k1", 2],
    ],
  );
  const manifest = JSON.parse(await readFile(join(cwd, "runs/experiment/manifest.json"), "utf8"));
  t.deepEqual(
    manifest.experiment.systems.map(({ id }) => id),
    systems,
    "the manifest holds the cells as systems",
  );
  t.deepEqual(manifest.experiment.selection.ids, ids);
  t.true(
    manifest.notes.some((note) => note.includes("limited")),
    manifest.notes.join(),
  );

  const again = await unshift(["plan", "experiment.yaml", "--json", "--sample", ids[0]], { cwd });
  t.is(again.json.totals.answers.toDo, 0);
  const more = await unshift(["plan", "experiment.yaml", "--json"], { cwd });
  t.is(typeof more.json.systems["base.k1"].seconds, "number");
  t.is(more.json.totals.answers.items, 12);
  t.true(more.json.totals.answers.toDo < 12 && more.json.totals.answers.seconds > 0);

  const people = await unshift(["plan", "experiment.yaml"], { cwd });
  t.regex(people.stdout, /^base\.k1 +3 /m);
  t.regex(people.stdout, /^chat → base\.k1 +3 /m);
});

test("a bad option of a cell is placed at the axis value that wrote it, before anything is opened", async (t) => {
  const cwd = await workFolder(t, {
    ...files,
    "experiment.yaml": files["experiment.yaml"].replace("prompt:", "promt:"),
  });
  const { code, json } = await unshift(["run", "experiment.yaml", "--json"], { cwd });
  t.is(code, 2);
  t.is(json.error.code, "PLUGIN_OPTIONS");
  t.deepEqual([json.error.where.line, json.error.where.column], [4, 55]);
});

test("explain tells the tokens of a strategy's prompt", async (t) => {
  const { code, json } = await unshift(["explain", "urial", "--set", "prompt=builtin:k1", "--json"]);
  t.is(code, 0);
  const [{ prompt }] = json;
  t.is(prompt.model, "builtin:tiny-aligned");
  t.deepEqual(prompt.variants[0].options, { prompt: "builtin:k1" });
  t.true(prompt.variants[0].tokens > prompt.variants[0].sharedTokens && prompt.variants[0].sharedTokens > 50);
  const other = await unshift(["explain", "html", "--model", "builtin:tiny-base", "--json"]);
  t.is(other.json.error.code, "USAGE");
});
