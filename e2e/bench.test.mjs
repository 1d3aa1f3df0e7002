import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { unshift, workFolder } from "./unshift.mjs";

const tiny = ["--model", "builtin:tiny-aligned", "--twin", "builtin:tiny-base"];

test("a quick measure on a tiny pair: a table, the same as JSON, nothing judged", async (t) => {
  const folder = await workFolder(t);
  const env = { UNSHIFT_BENCH_DIR: join(folder, "bench") };
  const args = ["bench", "p5", "--quick", ...tiny, "--out", "figures.json"];
  const { code, json, stderr } = await unshift([...args, "--json"], { cwd: folder, env });
  t.is(code, 0, stderr);
  t.is(json.format, "unshift-bench/1");
  t.deepEqual(json, JSON.parse(await readFile(join(folder, "figures.json"), "utf8")));
  t.is(json.command, "unshift bench P5 --model … --twin … --quick");
  t.true(json.machine.usableCores >= 1);
  t.deepEqual([json.options.quick, json.options.rounds, json.options.model.file], [true, 1, "tiny-aligned.gguf"]);
  const [measure] = json.measures;
  t.deepEqual([measure.id, measure.check.agree, measure.rounds.length], ["P5", true, 1]);
  const [{ "pass-per-token": theirs, ours }] = measure.rounds;
  t.is(measure.figures[0].median, theirs.seconds / ours.seconds);
  t.is(measure.figures[0].met, null);

  const table = await unshift(args, { cwd: folder, env });
  t.is(table.code, 0, table.stderr);
  t.regex(table.stdout, /^measure +figure +target +median +min +max +verdict\nP5 +one pass per token \/ ours +≥ 50 × /);
});

test("a peer that cannot be had: its measure is told as that, the others are taken, exit 3", async (t) => {
  const folder = await workFolder(t);
  const env = {
    UNSHIFT_BENCH_DIR: join(folder, "bench"),
    npm_config_registry: "http://127.0.0.1:9/",
    npm_config_fetch_retries: "0",
    npm_config_cache: join(folder, "npm"),
  };
  const { code, json, stderr } = await unshift(["bench", "P6", "P5", "--quick", ...tiny, "--json"], { env });
  t.is(code, 3, stderr);
  t.deepEqual(
    json.measures.map(({ id, unavailable }) => [id, unavailable !== undefined]),
    [
      ["P6", true],
      ["P5", false],
    ],
  );
  t.regex(json.measures[0].unavailable, /npm could not install node-llama-cpp/);
});

test("--list names every measure without taking any", async (t) => {
  const { code, json } = await unshift(["bench", "--list", "--json"]);
  t.is(code, 0);
  for (const id of ["P2", "P4", "P5", "P6"]) t.truthy(json.measures.find((measure) => measure.id === id)?.meaning, id);
  t.deepEqual(json.measures.find(({ id }) => id === "P2").needs.peers, ["llama-perplexity"]);
});

test("what cannot be measured is a usage error with what there is", async (t) => {
  const unknown = await unshift(["bench", "P22", "--json"]);
  t.deepEqual([unknown.code, unknown.json.error.code], [2, "USAGE"]);
  t.regex(unknown.json.error.message, /"P22".*Measures: .*P2/);
  const alone = await unshift(["bench", "P5", "--model", "builtin:tiny-base", "--json"]);
  t.deepEqual([alone.code, alone.json.error.code], [2, "USAGE"]);
  const missing = await unshift(["bench", "P5", "--model", "nowhere.gguf", "--twin", "builtin:tiny-base", "--json"]);
  t.deepEqual([missing.code, missing.json.error.code], [3, "MODEL_NOT_FOUND"]);
});
