import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";

const binary = fileURLToPath(new URL("../../../../packages/cli/bin/unshift.mjs", import.meta.url));

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function unshift(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binary, ...args], { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        out[name] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...out }));
  });
}

async function folderOf(t: ExecutionContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-command-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

const experiment = `name: study
models: { base: builtin:tiny-base, aligned: builtin:tiny-aligned }
dataset: { use: builtin, limit: 2 }
systems:
  aligned: { model: aligned, strategy: chat }
  s: { model: base, strategy: { use: urial, prompt: "builtin:k1" } }
  near: { model: base, strategy: { use: retrieval-icl, corpus: ./corpus.jsonl, k: 1 } }
matrix:
  model: base
  strategy: { k1: { use: urial, prompt: "builtin:k1" } }
`;
const corpus = `${JSON.stringify({ instruction: "Who?", output: "Me." })}\n`;
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 4081004224\n`;

test("init writes an experiment that runs, and never over a file", async (t) => {
  const cwd = await folderOf(t);
  const first = await unshift(cwd, ["init", "mine/my study.yaml"]);
  t.is(first.code, 0, first.stderr);
  t.regex(first.stdout, /npx unshift run 'mine\/my study\.yaml'/);
  const run = await unshift(cwd, [
    "run",
    "mine/my study.yaml",
    "--limit",
    "1",
    "--set",
    "decoding.maxTokens=4",
    "--json",
  ]);
  t.is(run.code, 0, run.stderr + run.stdout);
  t.is(JSON.parse(run.stdout).shifts.length, 2);
  const text = await readFile(join(cwd, "mine/my study.yaml"), "utf8");
  const again = await unshift(cwd, ["init", "mine/my study.yaml"]);
  t.is(again.code, 2);
  t.regex(again.stderr, /is there already; nothing was written \[USAGE\]/);
  t.is(await readFile(join(cwd, "mine/my study.yaml"), "utf8"), text);
  t.regex((await unshift(cwd, ["init", "study.txt"])).stderr, /does not end in \.yaml/);
});

const told: readonly (readonly [title: string, args: readonly string[], says: RegExp])[] = [
  [
    "a mistyped option",
    ["plan", "x.yaml", "--limt", "2"],
    /^unknown option --limt\. Did you mean "--limit"\? \[USAGE\]/m,
  ],
  ["a word too many", ["plan", "x.yaml", "y.yaml"], /^"y\.yaml" is one word too many \[USAGE\]/m],
  [
    "a limit that is no number",
    ["plan", "x.yaml", "--limit", "two"],
    /^--limit is "two"; it takes a whole number ≥ 1/m,
  ],
  ["a limit of 0", ["plan", "x.yaml", "--limit=0"], /^--limit is "0"; it takes a whole number ≥ 1/m],
  ["a limit given twice", ["plan", "x.yaml", "--limit=1", "--limit=2"], /^--limit is given twice/m],
  [
    "a mistyped choice",
    ["create", "plugin", "a/b", "--kind", "stratgy"],
    /^--kind is "stratgy"\. Allowed: strategy, dataset, judge\. Did you mean "strategy"\?/m,
  ],
  [
    "a mistyped word",
    ["create", "plugn", "a/b", "--kind", "judge"],
    /^<what> is "plugn"\. Allowed: plugin\. Did you mean "plugin"\?/m,
  ],
  ["a missing choice", ["create", "plugin", "a/b"], /^--kind is needed: strategy, dataset, judge \[USAGE\]/m],
  ["a missing word", ["run"], /^run needs 1 more word behind it \[USAGE\]/m],
  [
    "an export's format",
    ["export", "runs/x", "--format", "just-evl", "--out", "o"],
    /no format "just-evl".*Allowed: .*just-eval.*\n +Did you mean "just-eval"\?/,
  ],
  [
    "an export's name",
    ["export", "runs/x", "--out", "o.txt"],
    /"o\.txt" ends in no format\. Formats of positions: parquet, csv, jsonl/,
  ],
  [
    "an import's format",
    ["import", "a.json", "--format", "alpacaeval", "-o", "o"],
    /Known: .*Did you mean "alpaca-eval"\?/,
  ],
  [
    "an import's file",
    ["import", "corpus.json", "-o", "o"],
    /the file corpus\.json does not exist \[DATASET_NOT_FOUND\]\n +Did you mean "corpus\.jsonl"\?/,
  ],
  [
    "an experiment for a run",
    ["analyse", "x.yaml"],
    /is an experiment file; a run folder is wanted \[RUN_NOT_FOUND\]\n +Its run folder is .*runs.study/,
  ],
  ["a run for an experiment", ["judge", "done"], /is a run folder; the experiment file it came from is wanted/],
  [
    "an empty experiment",
    ["plan", "empty.yaml"],
    /the file is empty.*\n +`unshift init` writes an experiment to start from/,
  ],
  [
    "a hub repository",
    ["plan", "x.yaml", "--set", "models.base=meta-llama/Llama-2-7b"],
    /^--set models\.base=meta-llama\/Llama-2-7b: the model file .* does not exist .*\n +.*write hf:meta-llama\/Llama-2-7b\/FILE\.gguf/m,
  ],
  [
    "a mistyped model",
    ["plan", "x.yaml", "--set", "models.base=./bse.gguf"],
    /\[MODEL_NOT_FOUND\]\n +GGUF files in this folder: base\.gguf, lfs\.gguf\. Did you mean "base\.gguf"\?/,
  ],
  [
    "an empty model",
    ["plan", "x.yaml", "--set", "models.base=./base.gguf"],
    /base\.gguf is empty \(0 bytes\) \[MODEL_NOT_GGUF\]/,
  ],
  [
    "a pointer",
    ["plan", "x.yaml", "--set", "models.base=./lfs.gguf"],
    /is a Git LFS pointer to a file of 4081004224 bytes, not the model itself \[MODEL_NOT_GGUF\]/,
  ],
  [
    "an option's file",
    ["plan", "x.yaml", "--set", "systems.near.strategy.corpus=./nope.jsonl"],
    /^--set systems\.near\.strategy\.corpus=\.\/nope\.jsonl: the corpus cannot be read/m,
  ],
  [
    "an option's name",
    ["plan", "x.yaml", "--set", "matrix.strategy.k1.prompt=builtin:k2"],
    /^--set matrix\.strategy\.k1\.prompt=builtin:k2: there is no prompt "builtin:k2"/m,
  ],
  [
    "an embedder's name",
    ["plan", "x.yaml", "--set", "systems.near.strategy.embedder=builtin:tiny-embed"],
    /^--set systems\.near\.strategy\.embedder=builtin:tiny-embed: there is no embedded model/m,
  ],
];

for (const [title, args, says] of told) {
  test(`${title} is told in our words`, async (t) => {
    const cwd = await folderOf(t, {
      "x.yaml": experiment,
      "empty.yaml": "# nothing\n",
      "corpus.jsonl": corpus,
      "base.gguf": "",
      "lfs.gguf": pointer,
    });
    await mkdir(join(cwd, "done"));
    await writeFile(join(cwd, "done", "manifest.json"), "{}");
    // Messages are ours, whatever the language of the machine.
    const done = await unshift(cwd, args, { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" });
    t.regex(done.stderr, says);
    t.true(done.code === 2 || done.code === 3, `${done.code}`);
    t.is(done.stdout, "");
  });
}

test("an explanation prints the options though the prompt cannot be told", async (t) => {
  const cwd = await folderOf(t, { "corpus.jsonl": corpus });
  const done = await unshift(cwd, ["explain", "retrieval-icl", "--set", "corpus=./corpus.jsonl", "--set", "k=1"]);
  t.is(done.code, 0, done.stderr);
  t.regex(done.stdout, /Options:[\s\S]*corpus[\s\S]*are not told, because its prompts depend on an index/);
});

test("the samples of an experiment are listed by id, also those it leaves out", async (t) => {
  const cwd = await folderOf(t, {
    "x.yaml": experiment,
    "q.yaml": experiment.replace("{ use: builtin, limit: 2 }", "{ use: files, path: ./q.jsonl, limit: 1 }"),
    "q.jsonl": `${JSON.stringify({ id: "a", turns: ["Who?", "When\nexactly?"], tags: { topic: "art" } })}\n`,
  });
  const done = await unshift(cwd, ["list", "q.yaml", "--samples"]);
  t.is(done.code, 0, done.stderr);
  t.deepEqual(
    done.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/)),
    [
      ["sample", "tags", "asks"],
      ["a", "turn: 1; topic: art", "Who?"],
      ["a-2", "turn: 2; topic: art", "When exactly?"],
    ],
  );
  const json = await unshift(cwd, ["list", "x.yaml", "--samples", "--json"]);
  t.true(JSON.parse(json.stdout).length > 50);
  t.regex((await unshift(cwd, ["list", "--samples"])).stderr, /--samples asks for an experiment/);
});
