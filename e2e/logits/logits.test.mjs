import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { experiment, unshift } from "../unshift.mjs";

const text = experiment({ dataset: "{ use: builtin, limit: 4, seed: 5 }", shifts: "[urial]" });

/** One finished run for all tests. */
let folder;
let positions;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "unshift-e2e-"));
  await writeFile(join(folder, "x.yaml"), text);
  for (const args of [
    ["run", "x.yaml"],
    ["export", "run", "--format", "jsonl", "--out", "positions.jsonl"],
  ]) {
    const { code, stderr } = await unshift(args, { cwd: folder });
    if (code !== 0) throw new Error(stderr);
  }
  positions = await jsonLines(join(folder, "positions.jsonl"));
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

async function jsonLines(path) {
  return (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Reads a `.npy` file of version 1.0 as its format says. */
function readNpy(bytes) {
  if (bytes.toString("latin1", 0, 8) !== "\x93NUMPY\x01\x00") throw new Error("no .npy of version 1.0");
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + length);
  const [, type, rows, columns] =
    /'descr': '<(f[24])', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(header) ?? [];
  const data = bytes.subarray(10 + length);
  if (data.length !== rows * columns * Number(type[1])) throw new Error(`${data.length} bytes behind ${header}`);
  const value = type === "f4" ? (i) => data.readFloatLE(4 * i) : (i) => fromHalf(data.readUInt16LE(2 * i));
  return { type, rows: Number(rows), columns: Number(columns), at: (row, column) => value(row * columns + column) };
}

function fromHalf(half) {
  const exponent = (half >> 10) & 31;
  const magnitude = exponent === 0 ? (half & 1023) * 2 ** -24 : (1024 + (half & 1023)) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** The rows of a folder, each with what the index says of it. */
async function readRows(folder) {
  const shards = new Map();
  for (const { shard, sha256, rows } of await jsonLines(join(folder, "index.jsonl"))) {
    const bytes = await readFile(join(folder, shard));
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new Error(`${shard} is not what was hashed`);
    shards.set(shard, readNpy(bytes));
    if (shards.get(shard).rows !== rows) throw new Error(`${shard} has other rows`);
  }
  // No token of these answers holds a line break or a quote inside a quoted cell but as "" (RFC 4180).
  const table = (await readFile(join(folder, "index.csv"), "utf8")).matchAll(
    /^([^,\n]+),(\d+),([^,]+),([^,]+),([^,]+),(prompt|answer),(\d+),(\d+),("(?:[^"]|"")*"|[^"\n]*)$/gm,
  );
  return [...table].map(([, shard, row, sample, system, under, part, position, id, token]) => ({
    ...{ sample, system, under, part, position: Number(position), id: Number(id) },
    token: token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token,
    type: shards.get(shard).type,
    columns: shards.get(shard).columns,
    value: (column) => shards.get(shard).at(Number(row), column),
  }));
}

test.serial("rows are those the comparison reduced, under the reference and under the subject", async (t) => {
  for (const [under, column, where] of [
    ["aligned", "reference_logprob", "run"],
    ["urial", "subject_logprob", "x.yaml"],
  ]) {
    const told = await unshift(
      ["logits", where, "--under", under, "--log-probabilities", "--shard-size", "300KiB", "--out", under, "--json"],
      { cwd: folder },
    );
    t.is(told.code, 0, told.stderr);
    t.regex(told.stderr, /rows × 2048 ids × 4 bytes = .* in \d+ files/);
    const rows = await readRows(join(folder, under));
    t.is(rows.length, positions.length);
    t.is(told.json.rows, rows.length);
    for (const [i, row] of rows.entries()) {
      const known = positions.find((each) => each.sample_id === row.sample && each.position === row.position);
      t.is(row.id, known.token_id, `row ${i}`);
      t.is(row.token, known.token);
      t.is(row.value(row.id), Math.fround(known[column]));
      const sum = Array.from({ length: row.columns }, (_, id) => Math.exp(row.value(id))).reduce((a, b) => a + b);
      t.true(Math.abs(sum - 1) < 1e-5);
    }
  }
  const words = await jsonLines(join(folder, "urial", "vocabulary.jsonl"));
  t.is(words.length, 2048);
  t.true(words.every(({ id }, at) => id === at));
  for (const { text: word, base64 } of words) {
    if (!word.includes("\\x")) t.is(Buffer.from(base64, "base64").toString("utf8"), word);
  }
  const manifest = JSON.parse(await readFile(join(folder, "urial", "manifest.json"), "utf8"));
  const run = JSON.parse(await readFile(join(folder, "run", "manifest.json"), "utf8"));
  t.is(manifest.model.fileHash, run.models.base.fileHash);
  t.is(manifest.model.vocabularyHash, run.models.base.vocabularyHash);
  t.is(manifest.numerics, "strict");
});

test.serial("prompts too, float16, some samples; what it would be is told without writing", async (t) => {
  const logits = (...args) => unshift(["logits", "run", ...args, "--json"], { cwd: folder });
  const samples = (await jsonLines(join(folder, "run", "samples.jsonl"))).slice(1, 3).map(({ id }) => id);
  const some = samples.flatMap((id) => ["--sample", id]);
  const before = await readdir(folder);
  const dry = await logits("--out", "all", "--positions", "all", ...some, "--dry-run");
  t.is(dry.code, 0, dry.stderr);
  t.deepEqual(await readdir(folder), before);
  const written = await logits("--out", "all", "--positions", "all", ...some);
  t.is(written.json.bytes, dry.json.bytes);
  await logits("--out", "answers", "--dtype", "f16", ...some);
  await logits("--out", "prompts", "--positions", "prompt", ...some);
  const [all, answers, prompts] = await Promise.all(
    ["all", "answers", "prompts"].map((name) => readRows(join(folder, name))),
  );
  t.is(all.length, answers.length + prompts.length);
  t.deepEqual([...new Set(all.map(({ sample }) => sample))], samples);
  t.true(answers.every(({ type }) => type === "f2"));
  for (const row of all) {
    const own = row.part === "answer" ? answers : prompts;
    const same = own.find(({ sample, position }) => sample === row.sample && position === row.position);
    t.is(same.id, row.id);
    // Cut elsewhere, and half of them rounded to 11 bits.
    for (const id of [row.id, 0, 2047]) t.true(Math.abs(same.value(id) - row.value(id)) < 0.02);
  }
});

async function content(folder) {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString("base64")]));
}

test.serial("killed in the middle, interrupted, continued: the same bytes", async (t) => {
  const args = (out) => ["logits", "run", "--shard-size", "32KiB", "--out", out];
  const whole = await unshift([...args("whole"), "--json"], { cwd: folder });
  t.is(whole.code, 0, whole.stderr);
  for (const signal of ["SIGKILL", "SIGINT"]) {
    const out = join(folder, signal);
    let watching = true;
    const cut = await unshift(args(out), {
      cwd: folder,
      onStderr: (_, child) => {
        if (!watching) return;
        watching = false;
        const timer = setInterval(async () => {
          const names = await readdir(out).catch(() => []);
          if (!names.includes("logits-00003.npy")) return;
          clearInterval(timer);
          child.kill(signal);
        }, 2);
      },
    });
    if (signal === "SIGKILL") t.is(cut.signal, "SIGKILL", cut.stderr);
    else t.is(cut.code, 130, cut.stderr);
    const there = (await readdir(out)).filter((name) => name.startsWith("logits-")).length;
    t.true(there >= 4 && there < whole.json.shards, `${there} shards`);
    const continued = await unshift([...args(out), "--json"], { cwd: folder });
    t.is(continued.code, 0, continued.stderr);
    t.true(continued.json.present > 0);
    t.deepEqual(await content(out), await content(join(folder, "whole")));
  }
  const again = await unshift(args("whole"), { cwd: folder });
  t.regex(again.stderr, /are there already/);
  t.notRegex(again.stderr, /open/);
});

test.serial("what cannot be is told before anything is written", async (t) => {
  let run = "run";
  const refused = async (code, message, ...args) => {
    const { json, code: exit } = await unshift(["logits", run, "--out", "rows", ...args, "--json"], { cwd: folder });
    t.is(json.error?.code, code, JSON.stringify(json));
    t.regex(json.error.message, message);
    t.is(exit, 2);
  };
  await refused("USAGE", /--system "alinged" is not of this run/, "--system", "alinged");
  await refused("USAGE", /--under "zero-shot" is not of this run. Allowed: aligned, urial/, "--under", "zero-shot");
  await refused("USAGE", /--sample "x" is not of this run/, "--sample", "x");
  await refused("USAGE", /--shard-size is "many"/, "--shard-size", "many");
  t.false((await readdir(folder)).includes("rows"));
  // Another file under the model's name: found by its hash.
  run = "changed";
  await cp(join(folder, "run"), join(folder, run), { recursive: true });
  const manifest = join(folder, run, "manifest.json");
  const stored = JSON.parse(await readFile(manifest, "utf8"));
  stored.models.aligned.fileHash = "0".repeat(64);
  await writeFile(manifest, JSON.stringify(stored));
  await refused("RUN_OTHER_EXPERIMENT", /is not the file of model "aligned" in this run any more/);
  run = "gone";
  await refused("RUN_NOT_FOUND", /gone/);
});
