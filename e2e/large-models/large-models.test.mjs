import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

const quick = { dataset: "{ use: builtin, limit: 6, seed: 5 }" };

/** Positions as sorted rows, and the bytes of every table. */
async function content(folder, run) {
  const out = join(folder, `${run}.jsonl`);
  const exported = await unshift(["export", run, "--format", "jsonl", "--out", out, "--force"], { cwd: folder });
  if (exported.code !== 0) throw new Error(exported.stderr);
  const tables = join(folder, run, "tables");
  const names = (await readdir(tables)).sort();
  return [
    await readFile(out, "utf8"),
    ...(await Promise.all(names.map((name) => readFile(join(tables, name), "utf8")))),
  ];
}

const manifestOf = async (folder, run) => JSON.parse(await readFile(join(folder, run, "manifest.json"), "utf8"));

test("one model at a time: the same bytes as both together, nothing left waiting, and the other way round cached", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment(quick) });
  const run = (output, ...sets) =>
    unshift(["run", "x.yaml", "--json", "--output", output, ...sets.flatMap((set) => ["--set", set])], { cwd: folder });
  const together = await run("together", "residency=together");
  const turns = await run("turns", "residency=sequential");
  // A bound that holds one answer's rows: the models change places for each.
  const small = await run("small", "residency={ mode: sequential, diskGb: 0.000001 }");
  for (const { code, stderr } of [together, turns, small]) t.is(code, 0, stderr);
  const expected = await content(folder, "together");
  t.deepEqual(await content(folder, "turns"), expected);
  t.deepEqual(await content(folder, "small"), expected);
  t.false(existsSync(join(folder, "turns", "waiting-logits")));
  t.deepEqual((await manifestOf(folder, "turns")).experiment.residency, { mode: "sequential", rows: "f32" });
  t.deepEqual((await manifestOf(folder, "together")).experiment.residency, { mode: "together" });
  // Keys know nothing of residency: f32 rows change no number.
  const plan = await unshift(["plan", "x.yaml", "--json", "--output", "turns", "--set", "residency=together"], {
    cwd: folder,
  });
  t.true(plan.json.shifts.every(({ toDo }) => toDo === 0));
});

test("killed while rows wait: the same command continues to the same bytes", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ ...quick, extra: "residency: sequential\n" }) });
  const whole = await unshift(["run", "x.yaml", "--json", "--output", "whole"], { cwd: folder });
  t.is(whole.code, 0, whole.stderr);
  let watching = null;
  const cut = await unshift(["run", "x.yaml", "--output", "cut"], {
    cwd: folder,
    onStderr: (stderr, child) => {
      if (watching === null && /score aligned→zero-shot: 0/.test(stderr)) {
        const waiting = join(folder, "cut", "waiting-logits");
        watching = setInterval(async () => {
          const names = await readdir(waiting).catch(() => []);
          if (names.filter((name) => name.endsWith(".rows")).length > 1) child.kill("SIGKILL");
        }, 5);
      }
    },
  });
  clearInterval(watching);
  t.is(cut.signal, "SIGKILL", cut.stderr);
  t.true(existsSync(join(folder, "cut", "waiting-logits")));
  const continued = await unshift(["run", "x.yaml", "--json", "--output", "cut"], { cwd: folder });
  t.is(continued.code, 0, continued.stderr);
  t.deepEqual(await content(folder, "cut"), await content(folder, "whole"));
  t.false(existsSync(join(folder, "cut", "waiting-logits")));
});

test("rounded rows: written only with sequential, keys of their own, columns near those of exact rows", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ ...quick, shifts: "[zero-shot]" }) });
  const run = (residency) => unshift(["run", "x.yaml", "--json", "--set", `residency=${residency}`], { cwd: folder });
  const refused = await run("{ mode: auto, rows: f16 }");
  t.is(refused.code, 2);
  t.is(refused.json.error.code, "CONFIG_INVALID");
  t.is((await run("sequential")).code, 0);
  const exact = await content(folder, "run");
  const rounded = await run("{ mode: sequential, rows: f16 }");
  t.is(rounded.code, 0, rounded.stderr);
  const [rows, exactRows] = [await content(folder, "run"), exact].map(([lines]) =>
    lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  t.is(rows.length, exactRows.length);
  const numbers = (row) =>
    JSON.stringify(row)
      .match(/-?\d+\.\d+(?:e-?\d+)?/g)
      .map(Number);
  t.notDeepEqual(rows, exactRows);
  for (const [i, row] of rows.entries()) {
    const [a, b] = [numbers(row), numbers(exactRows[i])];
    if (a.length === b.length) t.true(a.every((value, at) => Math.abs(value - b[at]) < 0.02));
  }
  const { notes } = await manifestOf(folder, "run");
  t.true(
    notes.some((note) => /f16.*total variation/.test(note)),
    notes.join("\n"),
  );
});

test("what does not fit is refused with figures before a weight is read; a plan says so; a note lets it be tried", async (t) => {
  // Memory for so many tokens nobody has.
  const text = experiment(quick).replace('"builtin:tiny-base" }', '"builtin:tiny-base", contextSize: 60000000000 }');
  const folder = await workFolder(t, { "x.yaml": text });
  const { code, json } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 3);
  t.is(json.error.code, "MEMORY_TOO_SMALL");
  t.regex(
    json.error.message,
    /need\w* [\d.]+ GB of this machine's memory; there are [\d.]+ GB \(.+\).*base .* contexts; aligned/,
  );
  t.regex(json.error.hint, /contextSize.*memoryCheck/);
  t.regex(JSON.stringify(json.error), /x\.yaml/);
  t.false(existsSync(join(folder, "run")));
  const plan = await unshift(["plan", "x.yaml", "--json"], { cwd: folder });
  t.is(plan.code, 0, plan.stderr);
  t.true(plan.json.notes.some((note) => note.includes("a run is refused")));
});

test("a device that is not there, and a server that does not answer: coded, placed, before anything is loaded", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment(quick) });
  const run = (set) => unshift(["run", "x.yaml", "--json", "--set", set], { cwd: folder });
  const device = await run("models.base.devices=[CUDA9]");
  t.is(device.code, 3);
  t.is(device.json.error.code, "DEVICE_NOT_FOUND");
  t.regex(device.json.error.message, /CUDA9.*CPU/);
  const server = await run('models.base.rpc=["127.0.0.1:1"]');
  t.is(server.code, 3);
  t.regex(server.json.error.code, /^RPC_UN(?:REACHABLE|SUPPORTED)$/);
  t.regex(server.json.error.message, /127\.0\.0\.1:1/);
  const shape = await run('models.base.rpc=["nonsense"]');
  t.is(shape.code, 2);
  t.is(shape.json.error.code, "CONFIG_INVALID");
  t.false(existsSync(join(folder, "run")));
});
