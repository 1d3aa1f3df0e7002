import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { binary, root, unshift, workFolder } from "../unshift.mjs";

const file = join(root, "examples/quickstart/experiment.yaml");

test.serial("the quickstart's experiment gives a report, its figures and nothing to do on a second call", async (t) => {
  const folder = await workFolder(t);
  const args = ["run", file, "--output", join(folder, "run"), "--json"];
  const first = await unshift(args, { cwd: folder });
  t.is(first.code, 0, first.stderr);
  const { json } = first;
  t.deepEqual(Object.keys(json.systems), ["aligned", "zero-shot", "urial"]);
  t.true(json.systems.aligned.answers >= 72);
  t.is(json.systems.aligned.failed + json.systems.aligned.skipped, 0);
  t.true(json.systems.aligned.accuracy > 0.5);
  t.deepEqual(
    json.shifts.map(({ subject }) => subject),
    ["zero-shot", "urial"],
  );
  for (const shift of json.shifts) {
    t.true(Math.abs(shift.unshifted + shift.marginal + shift.shifted - 1) < 1e-12);
    t.true(shift.ci.shifted[0] <= shift.shifted && shift.shifted <= shift.ci.shifted[1]);
    t.true(shift.meanKlNats > 0 && shift.meanKlReverseNats > 0 && shift.meanJs > 0 && shift.meanSubjectRank >= 1);
  }
  const html = await readFile(json.report, "utf8");
  t.true(html.startsWith("<!doctype html>") || html.startsWith("<!DOCTYPE html>"));

  const second = await unshift(args, { cwd: folder });
  t.deepEqual(second.json, json);
  t.is(await readFile(json.report, "utf8"), html, "the same run gives the same bytes");

  const analysed = await unshift(["analyse", join(folder, "run"), "--json"], { cwd: folder });
  t.true(
    Array.isArray(analysed.json) &&
      analysed.json.every(
        ({ name, columns, rows }) => name && columns.every((column) => column.meaning) && Array.isArray(rows),
      ),
  );
  const ratios = analysed.json.find(({ name }) => name === "class_ratios");
  t.truthy(ratios);

  const exported = await unshift(["export", join(folder, "run"), "--out", join(folder, "p.parquet"), "--json"], {
    cwd: folder,
  });
  t.is(exported.code, 0, exported.stderr);
  t.true(existsSync(join(folder, "p.parquet")));
});

test.serial("no socket is opened by a run", async (t) => {
  const probe = spawnSync("strace", ["-V"]);
  if (probe.status !== 0) {
    t.log("skipped: strace is not installed");
    t.is(process.env.CI, undefined, "CI installs strace");
    return;
  }
  const folder = await workFolder(t);
  const trace = join(folder, "trace.txt");
  const command = [
    "strace",
    "-f",
    "-qq",
    "-e",
    "trace=socket,connect,bind,listen",
    "-o",
    trace,
    process.execPath,
    binary,
  ];
  const { code, stderr } = await unshift(["run", file, "--limit", "3", "--output", join(folder, "run")], {
    cwd: folder,
    command,
  });
  t.is(code, 0, stderr);
  const calls = (await readFile(trace, "utf8")).split("\n").filter((line) => /AF_INET|listen\(/.test(line));
  t.deepEqual(calls, []);
});
