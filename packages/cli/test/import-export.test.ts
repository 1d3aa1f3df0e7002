import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const binary = join(root, "packages/cli/bin/unshift.mjs");

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function unshift(cwd: string, ...args: readonly string[]): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binary, ...args], { cwd, env: { ...process.env, NO_COLOR: "1" } });
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

/** Runs a command that must succeed and gives its JSON. */
async function json(t: ExecutionContext, cwd: string, ...args: readonly string[]) {
  const done = await unshift(cwd, ...args, "--json");
  t.is(done.code, 0, done.stderr + done.stdout);
  return { ...done, value: JSON.parse(done.stdout) };
}

async function refused(t: ExecutionContext, cwd: string, code: string, ...args: readonly string[]) {
  const done = await unshift(cwd, ...args, "--json");
  const { error } = JSON.parse(done.stdout);
  t.is(error.code, code, done.stdout);
  t.true(done.code === 2 || done.code === 3);
  return `${error.message} ${error.hint ?? ""}`;
}

async function folderOf(t: ExecutionContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-import-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

const read = async (...path: readonly string[]) => JSON.parse(await readFile(join(...path), "utf8"));
const lines = async (...path: readonly string[]) =>
  (await readFile(join(...path), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const outputs = (generator: string, texts: Readonly<Record<string, string | null>>) =>
  JSON.stringify(
    Object.entries(texts).map(([id, output]) => ({
      id: Number(id),
      instruction: `Which town is number ${id}?`,
      dataset: "towns",
      category: "regular",
      output,
      generator,
    })),
    null,
    2,
  );

test.serial("just-eval outputs are imported, run on the tiny model, and exported as the same answers", async (t) => {
  const cwd = await folderOf(t, {
    "one.json": outputs("results//one.json", { 0: "Rome.", 1: "Oslo.", 2: "" }),
    "two.json": outputs("two", { 0: "Bonn.", 1: null, 2: "Lima." }),
  });
  const imported = await json(t, cwd, "import", "one.json", "two.json", "--output", "towns");
  t.deepEqual(
    {
      ...imported.value,
      output: "",
      experiment: "",
      files: imported.value.files.map(({ format }: { format: string }) => format),
    },
    {
      output: "",
      experiment: "",
      files: ["just-eval", "just-eval"],
      verdictFiles: [],
      judges: {},
      verdictsOfOthers: 0,
      samples: 3,
      unansweredQuestions: 0,
      systems: {
        one: { generator: "results//one.json", file: "one.answers.jsonl", answers: 3, empty: 1, leftOut: {} },
        two: { generator: "two", file: "two.answers.jsonl", answers: 2, empty: 0, leftOut: { "no-answer": 1 } },
      },
    },
  );
  t.regex(imported.stderr, /two: 1 left out: the answer is null or missing/);
  t.regex(imported.stderr, /one: 1 of the answers are empty texts; they are kept/);
  t.deepEqual((await readdir(join(cwd, "towns"))).sort(), [
    "experiment.yaml",
    "one.answers.jsonl",
    "samples.jsonl",
    "two.answers.jsonl",
  ]);
  t.deepEqual((await lines(cwd, "towns/two.answers.jsonl"))[1], { id: "2", text: "Lima.", generator: "two" });

  const run = await json(t, cwd, "run", "towns/experiment.yaml", "--output", "run");
  t.is(run.value.shifts.length, 2);
  t.true(
    run.value.shifts.every(({ positions }: { positions: number }) => positions > 0),
    run.stdout,
  );

  const exported = await json(t, cwd, "export", "run", "--format", "just-eval", "--out", "out");
  t.deepEqual((await readdir(join(cwd, "out"))).sort(), ["one.json", "two.json", "zero-shot.json"]);
  t.deepEqual(
    (await read(cwd, "out/one.json")).map((row: object) => ({ ...row, generator: "results//one.json" })),
    await read(cwd, "one.json"),
  );
  const two = (await read(cwd, "two.json")).filter(({ output }: { output: string | null }) => output !== null);
  t.deepEqual(await read(cwd, "out/two.json"), two);
  const left = exported.value.systems.find(({ system }: { system: string }) => system === "two").leftOut;
  t.deepEqual(left, [{ sampleId: "1", reason: "unanswered" }]);
  t.regex(exported.stderr, /two: 1 of 3 samples are not in the file:\n {2}1: skipped: .*\[ANSWERS_FILE\]/);

  await json(t, cwd, "export", "run", "--format", "just-eval", "--out", "again");
  for (const name of await readdir(join(cwd, "out"))) {
    t.is(await readFile(join(cwd, "out", name), "utf8"), await readFile(join(cwd, "again", name), "utf8"), name);
  }

  const named = [
    "export",
    "run",
    "--format",
    "alpaca-eval",
    "--system",
    "one",
    "--generator",
    "One",
    "--out",
    "one.alpaca.json",
  ];
  await json(t, cwd, ...named);
  t.deepEqual((await read(cwd, "one.alpaca.json"))[0], {
    dataset: "towns",
    instruction: "Which town is number 0?",
    output: "Rome.",
    generator: "One",
  });
  t.regex(await refused(t, cwd, "EXPORT_TARGET", ...named), /exists.*--force/);
  await json(t, cwd, ...named, "--force");
  t.regex(await refused(t, cwd, "EXPORT_TARGET", "export", "run", "--format", "just-eval", "--out", "out"), /exists/);
  const system = (id: string) => ["export", "run", "--format", "mt-bench", "--system", id, "--out", "x"];
  t.regex(await refused(t, cwd, "EXPORT_TARGET", ...system("onee")), /one, two, zero-shot.*Did you mean one\?/);
  t.regex(
    await refused(t, cwd, "EXPORT_TARGET", ...system("one"), "--what", "tables"),
    /format of answers and verdicts, not of tables/,
  );
  t.regex(await refused(t, cwd, "USAGE", "export", "run", "--out", "x.csv", "--system", "one"), /--system/);
  const generator = ["export", "run", "--format", "mt-bench", "--generator", "x", "--out", "x"];
  t.regex(await refused(t, cwd, "USAGE", ...generator), /give --system/);
  t.false(existsSync(join(cwd, "x")));
});

test.serial("MT-bench answers of two turns are imported, run, and exported as the same rows", async (t) => {
  const questions = [81, 82].map((id) => ({
    question_id: id,
    category: "writing",
    turns: [`Name town ${id}.`, "And its river?"],
  }));
  const answers = questions.map(({ question_id }) => ({
    question_id,
    answer_id: "x",
    model_id: "m",
    choices: [{ index: 0, turns: [`Town ${question_id}.`, "The Po."] }],
    tstamp: 1,
  }));
  const cwd = await folderOf(t, { "question.jsonl": jsonLines(questions), "m.jsonl": jsonLines(answers) });
  await json(t, cwd, "import", "m.jsonl", "--questions", "question.jsonl", "--output", "mt");
  t.deepEqual(
    (await lines(cwd, "mt/samples.jsonl")).map(({ id, follows }) => [id, follows]),
    [
      ["81", undefined],
      ["81-2", "81"],
      ["82", undefined],
      ["82-2", "82"],
    ],
  );
  await json(t, cwd, "run", "mt/experiment.yaml", "--output", "run");
  await json(t, cwd, "export", "run", "--format", "mt-bench", "--system", "m", "--out", "m.out.jsonl");
  const { createdAt } = await read(cwd, "run/manifest.json");
  t.deepEqual(
    (await lines(cwd, "m.out.jsonl")).map(({ answer_id, ...row }) => row),
    answers.map(({ answer_id, ...row }) => ({ ...row, tstamp: Date.parse(createdAt) / 1000 })),
  );
  // The run's own samples are questions too.
  await json(t, cwd, "import", "m.out.jsonl", "--questions", "run/samples.jsonl", "--output", "again");
  t.deepEqual(await lines(cwd, "again/samples.jsonl"), await lines(cwd, "mt/samples.jsonl"));
  t.deepEqual(await lines(cwd, "again/m.answers.jsonl"), await lines(cwd, "mt/m.answers.jsonl"));
  // Its second turns have no place in a format of one instruction: they are named.
  const flat = await json(t, cwd, "export", "run", "--format", "just-eval", "--system", "m", "--out", "flat.json");
  t.regex(flat.stderr, /m: 2 of 4 samples are not in the file:\n {2}81-2: the format holds one instruction/);
});

test.serial("a run of the tiny pair is exported in each released format and read back", async (t) => {
  const cwd = await folderOf(t);
  const experiment = join(root, "examples/quickstart/experiment.yaml");
  const run = await json(t, cwd, "run", experiment, "--limit", "4", "--output", "run");
  const systems = Object.keys(run.value.systems);
  t.true(systems.includes("aligned"));
  for (const format of ["just-eval", "alpaca-eval"]) {
    await json(t, cwd, "export", "run", "--format", format, "--out", format);
    const files = (await readdir(join(cwd, format))).map((name) => join(format, name));
    t.is(files.length, systems.length);
    const again = await json(t, cwd, "import", ...files, "--output", `${format}.in`);
    t.is(again.value.samples, 4);
    for (const system of systems) {
      const stored = (await lines(cwd, "run/answers.jsonl")).filter((record) => record.system === system);
      const texts = (await lines(cwd, `${format}.in`, `${system}.answers.jsonl`)).map(({ text }) => text);
      t.deepEqual(texts.sort(), stored.map(({ text }) => text).sort(), `${format} ${system}`);
    }
  }
});

test("an import is refused whole, and leaves nothing behind", async (t) => {
  const cwd = await folderOf(t, {
    "one.json": outputs("one", { 0: "Rome." }),
    "null.json": outputs("one", { 0: null }),
    "torn.json": `${outputs("one", { 0: "Rome.", 1: "Oslo." }).slice(0, -2)}`,
    "mt.jsonl": jsonLines([{ question_id: 1, model_id: "m", choices: [{ index: 0, turns: ["a"] }] }]),
  });
  await mkdir(join(cwd, "full"));
  await writeFile(join(cwd, "full/mine.txt"), "mine");
  const fails = (code: string, ...args: readonly string[]) => refused(t, cwd, code, "import", ...args);
  t.regex(await fails("EXPORT_TARGET", "one.json", "-o", "full"), /full exists/);
  t.regex(await fails("IMPORT_FORMAT", "one.json", "-o", "x", "--format", "just"), /Known: aligntds, just-eval, /);
  t.regex(await fails("IMPORT_FORMAT", "mt.jsonl", "-o", "x"), /--questions/);
  t.regex(await fails("DATASET_EMPTY", "null.json", "-o", "x"), /1: the answer is null or missing/);
  t.regex(await fails("DATASET_SYNTAX", "one.json", "torn.json", "-o", "x"), /not closed/);
  t.regex(await fails("DATASET_NOT_FOUND", "none.json", "-o", "x"), /does not exist/);
  t.regex(await fails("MODEL_NOT_FOUND", "one.json", "-o", "x", "--model", "none.gguf"), /does not exist/);
  await fails("USAGE", "one.json");
  t.deepEqual((await readdir(cwd)).sort(), ["full", "mt.jsonl", "null.json", "one.json", "torn.json"]);

  await mkdir(join(cwd, "empty"));
  await writeFile(join(cwd, "base.gguf"), "GGUF");
  const human = await unshift(cwd, "import", "one.json", "-o", "empty", "--model", "base.gguf");
  t.is(human.code, 0, human.stderr);
  t.regex(
    human.stdout,
    /1 samples \(just-eval\)\n {2}one: 1 answers, one\.answers\.jsonl\n\nnpx unshift run empty\/experiment\.yaml/,
  );
  t.regex(await readFile(join(cwd, "empty/experiment.yaml"), "utf8"), /base: \{ path: "\.\.\/base\.gguf" \}/);
});
