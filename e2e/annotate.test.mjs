import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { binary, experiment, root, unshift, workFolder } from "./unshift.mjs";

/** Starts the command and waits for its address, the first line of standard output. */
async function annotate(t, args) {
  const child = spawn(process.execPath, [binary, "annotate", ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
  });
  t.teardown(() => child.kill("SIGKILL"));
  let out = "";
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    told += text;
  });
  for (let waited = 0; !/http:\S+\/\n/.test(out + told) && waited < 60_000 && child.exitCode === null; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const url = /http:\S+/.exec(out + told)?.[0];
  t.truthy(url, told);
  const call = async (path, body) => {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...(await response.json()) };
  };
  const end = async (signal) => {
    child.kill(signal);
    const [code] = child.exitCode === null && child.signalCode === null ? await once(child, "close") : [child.exitCode];
    return { code, out, told };
  };
  return { url, call, end, pid: child.pid };
}

const lines = async (run, name) =>
  (await readFile(join(run, name), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("people rate a run: the folder is theirs meanwhile, a kill loses nothing, tables hold what they said", async (t) => {
  t.timeout(300_000);
  const folder = await workFolder(t, { "e.yaml": experiment() });
  const run = join(folder, "run");
  t.is((await unshift(["run", join(folder, "e.yaml")])).code, 0);

  const first = await annotate(t, [run, "--systems", "aligned,urial", "--rater", "Ada"]);
  t.regex(first.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  t.is((await fetch(first.url)).status, 200);
  t.is((await fetch(new URL("/", first.url))).status, 403);
  const locked = await unshift(["analyse", run, "--json"]);
  t.is(locked.code, 3);
  t.is(locked.json.error.code, "RUN_LOCKED");
  t.true(locked.json.error.message.includes(String(first.pid)));

  const rate = async ({ call }, rater, at, side) => {
    const { item } = await call("api/item", { rater, at });
    return call("api/rate", { rater, item, rating: { kind: "pairwise", choices: { overall: side }, note: "" } });
  };
  for (const at of [0, 1, 2]) t.is((await rate(first, "ada", at, "a")).rated, at + 1);
  t.is((await rate(first, "bob", 0, "tie")).rated, 1);
  await first.end("SIGKILL");

  const again = await annotate(t, [run, "--systems", "aligned,urial", "--json"]);
  const { rated, next, total } = await again.call("api/progress", { rater: "ada" });
  t.deepEqual([rated, next, total], [3, 3, 6]);
  for (const at of [3, 4, 5]) await rate(again, "ada", at, "b");
  const { code, out } = await again.end("SIGINT");
  t.is(code, 0);
  t.deepEqual(JSON.parse(out), { run, mode: "pairwise", raters: [{ rater: "ada", rated: 6, skipped: 0, total: 6 }] });

  const verdicts = (await lines(run, "verdicts.jsonl")).filter(({ judge }) => judge.startsWith("human:"));
  t.is(verdicts.length, 7);
  t.true(verdicts.every(({ system, against }) => system === "aligned" && against === "urial"));

  const analysed = await unshift(["analyse", run, "--json"]);
  t.is(analysed.code, 0, analysed.stderr);
  t.true(analysed.stdout.includes("human:ada") && analysed.stdout.includes("human:bob"), "tables name the raters");
  const before = analysed.stdout;

  // The experiment run again keeps the people's verdicts in the tables.
  t.is((await unshift(["run", join(folder, "e.yaml")])).code, 0);
  t.is((await unshift(["analyse", run, "--json"])).stdout, before);
});

test("what cannot be rated is told before anything is served", async (t) => {
  t.timeout(120_000);
  const folder = await workFolder(t);
  for (const [args, code, exit] of [
    [[join(folder, "none")], "RUN_NOT_FOUND", 2],
    [[folder], "RUN_NOT_FOUND", 2],
    [[folder, "--rater", "a/b"], "USAGE", 2],
    [[folder, "--mode", "stars"], "USAGE", 2],
    [[folder, "--port", "70000"], "USAGE", 2],
  ]) {
    const refused = await unshift(["annotate", ...args, "--json"]);
    t.is(refused.json.error.code, code, args.join(" "));
    t.is(refused.code, exit);
  }
});
