import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { binary, experiment, unshift, workFolder } from "../unshift.mjs";

const text = experiment({ dataset: "{ use: builtin, limit: 24, seed: 5 }" });

/** Positions as sorted rows without the key's file, and the bytes of every table. */
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

/** Sends `signal` when stderr shows `pattern` and enough items were done. */
const stopAt = (pattern, signal) => {
  let sent = false;
  return (stderr, child) => {
    if (!sent && pattern.test(stderr)) {
      sent = true;
      child.kill(signal);
    }
  };
};

for (const [signal, stage, pattern] of [
  ["SIGINT", "answering", /answer zero-shot: 0/],
  ["SIGINT", "scoring", /score aligned→zero-shot: 0/],
  ["SIGKILL", "answering", /answer urial: 0/],
  ["SIGKILL", "scoring", /score aligned→urial: 0/],
]) {
  test(`${signal} while ${stage}: the same command continues to the same bytes`, async (t) => {
    const folder = await workFolder(t, { "x.yaml": text });
    const whole = await unshift(["run", "x.yaml", "--output", "whole", "--json"], { cwd: folder });
    t.is(whole.code, 0, whole.stderr);
    const cut = await unshift(["run", "x.yaml", "--output", "cut"], { cwd: folder, onStderr: stopAt(pattern, signal) });
    if (signal === "SIGINT") {
      t.is(cut.code, 130, cut.stderr);
      t.regex(cut.stderr, /saved/);
    } else {
      t.is(cut.signal, "SIGKILL");
    }
    const continued = await unshift(["run", "x.yaml", "--output", "cut", "--json"], { cwd: folder });
    t.is(continued.code, 0, continued.stderr);
    t.deepEqual(await content(folder, "cut"), await content(folder, "whole"));
    t.deepEqual({ ...continued.json, run: "", report: "" }, { ...whole.json, run: "", report: "" });
  });
}

test("a disk that fills up while answers come: exit 3, a coded error, and the same command continues", async (t) => {
  const folder = await workFolder(t, { "x.yaml": text });
  // The limit of the shell on file sizes stands in for the end of the disk: 64 blocks of 1 KiB.
  const command = ["bash", "-c", `trap "" XFSZ; ulimit -f 64; exec "${process.execPath}" "${binary}" "$@"`, "unshift"];
  const full = await unshift(["run", "x.yaml", "--output", "full", "--json"], { cwd: folder, command });
  t.is(full.signal, null, full.stderr);
  t.is(full.code, 3, full.stderr);
  t.is(full.json.error.code, "RUN_NO_SPACE");
  const continued = await unshift(["run", "x.yaml", "--output", "full", "--json"], { cwd: folder });
  t.is(continued.code, 0, continued.stderr);
});

test("a folder with holes is no result: analyse and report refuse it, run fills it", async (t) => {
  const folder = await workFolder(t, { "x.yaml": experiment({ dataset: "{ use: builtin, limit: 4, seed: 5 }" }) });
  const run = () => unshift(["run", "x.yaml", "--json"], { cwd: folder });
  const whole = await run();
  for (const lost of ["positions", "answers.jsonl", "comparisons.jsonl", "samples.jsonl"]) {
    await rm(join(folder, "run", lost), { recursive: true });
    for (const command of ["analyse", "report"]) {
      const { code, json } = await unshift([command, "run", "--json"], { cwd: folder });
      t.is(code, 2, `${command} without ${lost}`);
      t.is(json.error.code, "RUN_UNFINISHED");
    }
    t.deepEqual((await run()).json, whole.json, `run without ${lost}`);
  }
});
