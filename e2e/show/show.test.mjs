import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

test("a run is listed and a sample is shown; every figure is that of the tables; nothing of a model's text reaches the terminal raw", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 3, seed: 3 }" }) });
  t.is((await unshift(["run", "x.yaml"], { cwd: folder })).code, 0);

  const table = JSON.parse(await readFile(join(folder, "run/tables/samples.json"), "utf8"));
  const cell = (row, name) => row[table.columns.findIndex((column) => column.name === name)];
  const listed = (await unshift(["show", "run", "--json"], { cwd: folder })).json.samples;
  t.is(listed.length, 3);
  for (const { sample, shifts } of listed) {
    t.deepEqual(Object.keys(shifts), ["aligned→zero-shot", "aligned→urial"]);
    const shown = (await unshift(["show", "run", "--sample", sample, "--json"], { cwd: folder })).json;
    for (const { shift, positions } of shown.shifts) {
      const row = table.rows.find((each) => cell(each, "shift") === shift && cell(each, "sample") === sample);
      t.is(positions.length, cell(row, "positions"));
      for (const name of ["unshifted", "marginal", "shifted"]) {
        t.is(positions.filter((position) => position.class === name).length, cell(row, name), name);
      }
      t.is(shifts[shift].shifted, cell(row, "shifted_share"));
      t.is(shifts[shift].meanKl, cell(row, "mean_kl"));
      const mean = positions.reduce((sum, { kl }) => sum + kl, 0) / positions.length;
      t.true(Math.abs(mean - cell(row, "mean_kl")) < 1e-12);
      for (const { id, referenceTop, referenceProbability, subjectTop, subjectRank } of positions) {
        t.is(subjectTop.findIndex((each) => each.id === id) + 1, subjectRank <= 10 ? subjectRank : 0);
        const own = referenceTop.find((each) => each.id === id);
        if (own !== undefined) t.true(Math.abs(own.probability - referenceProbability) < 1e-12);
      }
    }
  }

  const { sample } = listed[0];
  const plain = (await unshift(["show", "run", "--sample", sample, "--position", "0"], { cwd: folder })).stdout;
  t.regex(plain, /aligned → zero-shot {2}\d+ positions, \d+\.\d % shifted, mean KL \d\.\d{3} nats/);
  t.regex(plain, /«[^»]+»/);
  t.regex(plain, /position 0 .* under zero-shot/);
  t.false(plain.includes("\u001b"), "no colour codes in a pipe");
  const coloured = await unshift(["show", "run", "--sample", sample], {
    cwd: folder,
    env: { FORCE_COLOR: "1", NO_COLOR: "" },
  });
  t.true(coloured.stdout.includes("\u001b["));

  const near = await unshift(["show", "run", "--sample", `${sample}x`], { cwd: folder });
  t.is(near.code, 2);
  t.regex(near.stderr, new RegExp(`Did you mean "${sample}"`));
  t.is((await unshift(["show", "run", "--shift", "nobody"], { cwd: folder })).code, 2);
  t.is((await unshift(["show", "run", "--position", "1"], { cwd: folder })).code, 2);
  t.is((await unshift(["show", "run", "--sample", sample, "--position", "9999"], { cwd: folder })).code, 2);

  // An answer that would clear the screen and turn the line round.
  const [line] = (await readFile(join(folder, "run/answers.jsonl"), "utf8"))
    .split("\n")
    .filter((each) => each.includes('"zero-shot"') && each.includes(JSON.stringify(sample)));
  const hostile = { ...JSON.parse(line), text: "\u001b[2J\u202Edraw over\u0007" };
  await appendFile(join(folder, "run/answers.jsonl"), `${JSON.stringify(hostile)}\n`);
  const shown = (await unshift(["show", "run", "--sample", sample], { cwd: folder })).stdout;
  t.true(shown.includes("<U+001B>[2J<U+202E>draw over<U+0007>"));
  t.notRegex(shown, /[\u001b\u202e\u0007]/);
});
