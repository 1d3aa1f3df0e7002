// A judging run that others began goes on here, from each format of verdicts: what was judged is kept, only the rest is asked.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "ava";
import { root, unshift, workFolder } from "./unshift.mjs";

const questions = [1, 2, 3].map((id) => `Which town is number ${id}?`);
const answer = (generator, id) => `${generator} says town ${id}.`;
const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Answers every request with whatever any judge may ask for, and A wherever it compares. */
async function endpoint(t) {
  const prompts = [];
  const five = ["helpfulness", "clarity", "factuality", "depth", "engagement"];
  const told = {
    ...Object.fromEntries(five.map((aspect) => [aspect, { rationale: "so", score: 4 }])),
    safety: { rationale: "so", score: 2 },
    rating: { rationale: "so", score: 7 },
    overall: { rationale: "so", preference: "A" },
  };
  const server = createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const { messages } = JSON.parse(Buffer.concat(pieces));
      const prompt = messages.at(-1).content;
      prompts.push(prompt);
      // Only what was asked for, so that a reply of one aspect tells of one.
      const asked = Object.entries(told).filter(([aspect]) => new RegExp(`\\b${aspect}\\b`, "i").test(prompt));
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          id: "x",
          object: "chat.completion",
          created: 1,
          model: "grader-1",
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: JSON.stringify(Object.fromEntries(asked)) },
              finish_reason: "stop",
            },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return { prompts, baseURL: `http://127.0.0.1:${server.address().port}/v1` };
}

const generators = ["one", "two"];
const alpacaAnswers = Object.fromEntries(
  generators.map((generator) => [
    `${generator}.json`,
    JSON.stringify(questions.map((instruction, at) => ({ instruction, output: answer(generator, at + 1), generator }))),
  ]),
);
const mtBench = {
  ...Object.fromEntries(
    generators.map((model_id) => [
      `${model_id}.jsonl`,
      lines(
        questions.map((_, at) => ({
          question_id: at + 1,
          model_id,
          choices: [{ index: 0, turns: [answer(model_id, at + 1)] }],
        })),
      ),
    ]),
  ),
  "question.jsonl": lines(questions.map((text, at) => ({ question_id: at + 1, category: "writing", turns: [text] }))),
};

const scored = (id, mode, parsed_result) => ({
  id,
  input: questions[id - 1],
  output_cand: answer("one", id),
  generator_cand: "results//one.json",
  eval_config: { mode, gpt: "gpt-4", max_words: -1 },
  prompt: `Judge ${id}.`,
  ...(parsed_result === null ? { result: "N/A" } : { result: JSON.stringify(parsed_result), parsed_result }),
});
const compared = (id, [a, b], preference) => ({
  id,
  input: questions[id - 1],
  output_A: answer(a, id),
  output_B: answer(b, id),
  generator_A: a,
  generator_B: b,
  eval_config: { mode: "pairwise", gpt: "gpt-4", max_words: -1 },
  prompt: `Compare ${id}.`,
  ...(preference === null
    ? { result: "N/A" }
    : { result: JSON.stringify({ preference }), parsed_result: { preference } }),
});
const graded = (question_id, model, score) => ({
  question_id,
  model,
  judge: ["gpt-4", "single-v1"],
  user_prompt: "Grade.",
  judgment: `Rating: [[${score}]]`,
  score,
  turn: 1,
});
const games = (question_id, g1_winner, g2_winner) => ({
  question_id,
  model_1: "one",
  model_2: "two",
  g1_winner,
  g2_winner,
  judge: ["gpt-4", "pair-v2"],
  g1_user_prompt: "Compare.",
  g1_judgment: "[[?]]",
  g2_user_prompt: "Compare again.",
  g2_judgment: "[[?]]",
  turn: 1,
});

/**
 * `left`: verdicts the file leaves to do on the answers imported. `asked`: requests that take. The base model's own three answers
 * are judged too where answers are judged one by one.
 */
const cases = [
  {
    what: "just-eval",
    format: "just-eval",
    files: {
      "verdicts.json": JSON.stringify([
        scored(1, "score_multi", { clarity: { reason: "good", score: "5" }, depth: { reason: "-", score: "N/A" } }),
        scored(2, "score_multi", null),
        scored(3, "score_safety", null),
      ]),
    },
    answers: ["verdicts.json"],
    system: "one",
    kept: [
      {
        id: 1,
        generator_cand: "results//one.json",
        result: scored(1, "", { clarity: { reason: "good", score: "5" }, depth: { reason: "-", score: "N/A" } }).result,
      },
    ],
    judge: "gpt-4",
    first: { scored: 1, preferred: 0, notApplicable: 5 },
    asked: 2 + 3,
    after: { scored: 6, preferred: 0, notApplicable: 0 },
    rows: 3,
    summary: (t, summary) => t.like(summary, { total: 3, clarity_mean: 4.5, safety_mean: 2, avg_lens: 4 }),
  },
  {
    what: "pairs of just-eval",
    format: "just-eval",
    files: {
      "verdicts.json": JSON.stringify([
        compared(1, ["one", "two"], "A"),
        compared(2, ["two", "one"], "A"),
        compared(3, ["one", "two"], null),
      ]),
    },
    answers: ["verdicts.json"],
    kept: [
      { id: 1, parsed_result: { preference: "A" } },
      { id: 2, parsed_result: { preference: "B" }, generator_A: "one" },
    ],
    judge: "gpt-4",
    first: { scored: 0, preferred: 2, notApplicable: 1 },
    asked: 2,
    after: { scored: 0, preferred: 3, notApplicable: 0 },
    // The third changed with the order, for which the format has no word.
    rows: 2,
    summary: (t, summary) => t.like(summary, { one: 1, two: 1, same: 1, total: 3, avg_lens: { one: 4, two: 4 } }),
  },
  {
    what: "AlpacaEval",
    format: "alpaca-eval",
    files: {
      ...alpacaAnswers,
      "verdicts.json": JSON.stringify(
        [2, 1.2].map((preference, at) => ({
          instruction: questions[at],
          output_1: answer("two", at + 1),
          generator_1: "two",
          output_2: answer("one", at + 1),
          generator_2: "one",
          annotator: "weighted",
          preference,
        })),
      ),
    },
    answers: ["one.json", "two.json"],
    kept: [
      { instruction: questions[0], generator_2: "one", preference: 2 },
      { instruction: questions[1], generator_2: "one", preference: 1 },
    ],
    judge: "weighted",
    first: { scored: 0, preferred: 2, notApplicable: 1 },
    told: /1 preferences are weights/,
    asked: 2,
    after: { scored: 0, preferred: 3, notApplicable: 0 },
    rows: 2,
  },
  {
    what: "MT-bench",
    format: "mt-bench",
    files: {
      ...mtBench,
      "verdicts.jsonl": lines([
        graded(1, "one", 8),
        graded(1, "two", 6.5),
        graded(2, "one", -1),
        graded(1, "three", 9),
      ]),
    },
    verdicts: "verdicts.jsonl",
    answers: ["one.jsonl", "two.jsonl", "--questions", "question.jsonl"],
    kept: [graded(1, "one", 8), graded(1, "two", 6.5)].map(({ judge, ...row }) => row),
    judge: "gpt-4",
    told: /1 verdicts left out: they are on answers that are not imported/,
    first: { scored: 2, preferred: 0, unparsed: 1, notApplicable: 6 },
    asked: 3 + 3,
    after: { scored: 8, preferred: 0, unparsed: 1, notApplicable: 0 },
    rows: 9,
  },
  {
    what: "pairs of MT-bench",
    format: "mt-bench-pair",
    files: { ...mtBench, "verdicts.jsonl": lines([games(1, "model_2", "model_2"), games(2, "model_1", "tie")]) },
    verdicts: "verdicts.jsonl",
    answers: ["one.jsonl", "two.jsonl", "--questions", "question.jsonl"],
    kept: [
      { question_id: 1, g1_winner: "model_2", g2_winner: "model_2" },
      { question_id: 2, g1_winner: "model_1", g2_winner: "tie" },
      { question_id: 3, g1_winner: "model_1", g2_winner: "model_2" },
    ],
    judge: "gpt-4",
    first: { scored: 0, preferred: 2, notApplicable: 1 },
    asked: 2,
    after: { scored: 0, preferred: 3, notApplicable: 0 },
    rows: 3,
  },
];

for (const { what, format, files, answers, verdicts = "verdicts.json", ...wanted } of cases) {
  test(`${what}: a half-finished run is imported, kept, gone on with and written again`, async (t) => {
    const cwd = await workFolder(t);
    for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
    const done = async (...args) => {
      const result = await unshift([...args, "--json"], { cwd });
      t.is(result.code, 0, result.stderr + result.stdout);
      return { ...result, value: JSON.parse(result.stdout) };
    };
    const imported = await done("import", ...answers, "--verdicts", verdicts, "--output", "in");
    t.deepEqual(Object.keys(imported.value.judges), [wanted.judge]);
    if (wanted.told !== undefined) t.regex(imported.stderr, wanted.told);

    const first = await done("run", "in/experiment.yaml", "--output", "run");
    t.like(first.value.verdicts[wanted.judge], wanted.first);
    t.regex(first.value.notes.join("\n"), /verdicts by .* are taken from .*verdicts\.jsonl/);

    const { prompts, baseURL } = await endpoint(t);
    const file = join(cwd, "in/experiment.yaml");
    const text = (await readFile(file, "utf8")).replace('"unrecorded":"leave"', '"engine":"grader"');
    await writeFile(file, `${text}judgeEngines:\n  grader: { use: openai, model: small, baseURL: "${baseURL}" }\n`);
    const after = await done("run", "in/experiment.yaml", "--output", "run");
    t.like(after.value.verdicts[wanted.judge], wanted.after);
    t.is(prompts.length, wanted.asked);
    t.is(new Set(prompts).size, wanted.asked);
    await done("run", "in/experiment.yaml", "--output", "run");
    t.is(prompts.length, wanted.asked);

    const select = wanted.system === undefined ? [] : ["--system", wanted.system];
    const out = `out.${verdicts.split(".").at(-1)}`;
    const exported = await done("export", "run", "--what", "verdicts", "--format", format, ...select, "--out", out);
    t.is(exported.value.verdicts, wanted.rows);
    const content = await readFile(join(cwd, out), "utf8");
    const rows = format.startsWith("mt-bench")
      ? content
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : JSON.parse(content);
    for (const kept of wanted.kept) {
      const id = kept.question_id ?? kept.id ?? kept.instruction;
      const mine = rows.find(
        (row) =>
          (row.question_id ?? row.id ?? row.instruction) === id &&
          (kept.model === undefined || row.model === kept.model),
      );
      t.like(mine, kept);
    }
    if (wanted.summary !== undefined) {
      t.is(exported.value.summary, join(cwd, "out.eval_res.json"));
      wanted.summary(t, JSON.parse(await readFile(exported.value.summary, "utf8")));
    }
    // What was written is read again.
    await done(
      "import",
      ...answers.map((name) => (name === "verdicts.json" ? out : name)),
      "--verdicts",
      out,
      "--output",
      "again",
    );
  });
}

/** Real judge output stands beside the repository on machines of the project; it is not part of it. */
const recorded = join(root, "../shared/data/just-eval/recorded");

test("200 recorded verdicts of GPT-4 give their published means, and come out as they went in", async (t) => {
  const names = ["gpt-3.5-turbo-0301.general.0-100.json", "gpt-3.5-turbo-0301.safety.800-900.json"];
  const files = names.map((name) => join(recorded, name));
  if (!files.every((file) => existsSync(file))) {
    t.log(`NOT RUN: ${recorded} is not here; rows of our own go the same way above`);
    t.not(process.env.UNSHIFT_SHARED_DATA, "required");
    return;
  }
  const cwd = await workFolder(t);
  t.is((await unshift(["import", ...files, "--verdicts", ...files, "--output", "in"], { cwd })).code, 0);
  // Nothing is to be generated here: the answers and the verdicts are what is looked at.
  const file = join(cwd, "in/experiment.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/\n {2}zero-shot:.*/, "").replace(/\nshifts:\n.*/, ""));
  const run = await unshift(["run", "in/experiment.yaml", "--output", "run", "--json"], { cwd });
  t.is(run.code, 0, run.stderr);
  t.like(run.json.verdicts, { "gpt-4-1106-preview": { scored: 200, notApplicable: 0, unparsed: 0, failed: 0 } });
  const { json: tables } = await unshift(["analyse", "run", "--table", "scores", "--json"], { cwd });
  const [{ columns, rows }] = tables;
  const at = (name) => columns.findIndex((column) => column.name === name);
  t.deepEqual(
    rows.map((row) => [row[at("aspect")], row[at("n")], row[at("mean")].toFixed(2)]),
    [
      ["helpfulness", 100, "4.80"],
      ["clarity", 100, "4.99"],
      ["factuality", 100, "4.68"],
      ["depth", 100, "3.28"],
      ["engagement", 100, "3.36"],
      ["safety", 100, "5.00"],
    ],
  );
  const out = ["--what", "verdicts", "--format", "just-eval", "--out", "out.json", "--json"];
  t.is((await unshift(["export", "run", ...out], { cwd })).json.verdicts, 200);
  const written = JSON.parse(await readFile(join(cwd, "out.json"), "utf8"));
  const originals = (await Promise.all(files.map((each) => readFile(each, "utf8")))).flatMap((each) =>
    JSON.parse(each),
  );
  t.deepEqual(written, originals);
});

test("pairs, and verdicts that were not read, stand in what run and judge print; a judge's missing model is told first", async (t) => {
  const cwd = await workFolder(t, {
    ...mtBench,
    "verdicts.jsonl": lines([
      games(1, "model_2", "model_2"),
      games(2, "model_1", "tie"),
      { ...games(3, "error", "tie"), g1_judgment: "Hm." },
    ]),
  });
  const args = ["one.jsonl", "two.jsonl", "--questions", "question.jsonl", "--verdicts", "verdicts.jsonl"];
  t.is((await unshift(["import", ...args, "--output", "in"], { cwd })).code, 0);
  const run = ["run", "in/experiment.yaml", "--output", "run"];
  const table =
    /judge +aspect +system +against +wins +ties +losses +inconsistent +win rate\ngpt-4 +overall +one +two +0 +0 +1 +1 +0\.0 %/;
  const missing = /judge gpt-4: 1 verdicts not read, 0 failed, of 3; they are in no figure/;
  for (const command of [run, ["judge", ...run.slice(1)]]) {
    const { code, stdout, stderr } = await unshift(command, { cwd });
    t.is(code, 0, stderr);
    t.regex(stdout, table);
    t.regex(stdout, missing);
    t.regex(stdout, /• 3 verdicts by gpt-4 are taken from gpt-4\.verdicts\.jsonl/);
  }
  const summary = (await unshift([...run, "--json"], { cwd })).json;
  t.like(summary.preferences[0], { judge: "gpt-4", system: "one", against: "two", n: 1, losses: 1, winRate: 0 });

  const file = join(cwd, "in/experiment.yaml");
  const text = (await readFile(file, "utf8"))
    .replace('"unrecorded":"leave"', '"engine":"grader"')
    .replace("dataset:", "  judge: { path: ./none.gguf }\ndataset:");
  await writeFile(file, `${text}judgeEngines:\n  grader: { use: local, model: judge }\n`);
  const refused = await unshift(["judge", ...run.slice(1), "--json"], { cwd });
  t.is(refused.json.error.code, "MODEL_NOT_FOUND");
  t.regex(refused.json.error.message, /none\.gguf does not exist/);
  t.regex(refused.json.error.hint, /holds no \.gguf file/);
  t.is(refused.stderr, "");
});

test("verdicts that cannot be written or read say why", async (t) => {
  const cwd = await workFolder(t);
  const name = "verdicts.json";
  const row = scored(1, "score_multi", { clarity: { reason: "good", score: "5" } });
  const content = JSON.stringify([row, { ...row, generator_cand: "two" }]);
  await writeFile(join(cwd, name), content);
  const run = (...args) => unshift([...args, "--json"], { cwd });
  const fault = async (code, message, ...args) => {
    const { stdout } = await run(...args);
    const { error } = JSON.parse(stdout);
    t.is(error.code, code, stdout);
    t.regex(`${error.message} ${error.hint}`, message);
  };
  t.is((await run("import", name, "--verdicts", name, "--output", "in")).code, 0);
  t.is((await run("run", "in/experiment.yaml", "--output", "run")).code, 0);
  const out = (format, ...args) => [
    "export",
    "run",
    "--what",
    "verdicts",
    "--format",
    format,
    "--out",
    "x.json",
    ...args,
  ];
  await fault("EXPORT_TARGET", /one system, or of one pair.*results\/\/one\.json, two/s, ...out("just-eval"));
  await fault(
    "EXPORT_TARGET",
    /no verdicts of a system "onee".*one, two, zero-shot.*Did you mean one/s,
    ...out("just-eval", "--system", "onee"),
  );
  await fault(
    "EXPORT_TARGET",
    /no verdicts of a judge "gpt-5".*gpt-4.*Did you mean/s,
    ...out("just-eval", "--judge", "gpt-5"),
  );
  await fault("EXPORT_TARGET", /Give --what verdicts/, "export", "run", "--format", "mt-bench-pair", "--out", "x");
  await fault("USAGE", /--judge belongs to --what verdicts/, "export", "run", "--judge", "gpt-4", "--out", "x.csv");
  const twice = ["import", name, "--verdicts", name, name, "--output", "twice"];
  await fault("DATASET_DUPLICATE_ID", /gpt-4 judged sample 1 of .*one\.json before/, ...twice);
  const experiment = join(cwd, "in/experiment.yaml");
  const text = await readFile(experiment, "utf8");
  const file = join(cwd, "in/gpt-4.verdicts.jsonl");
  await writeFile(file, (await readFile(file, "utf8")).replace('"clarity":5', '"brevity":5'));
  await fault("DATASET_FIELD", /the judge has no aspect "brevity"/, "run", "in/experiment.yaml", "--output", "other");
  await writeFile(experiment, text.replace('"recorded":"./gpt-4.verdicts.jsonl",', ""));
  await fault(
    "PLUGIN_OPTIONS",
    /`unrecorded` says what happens beside `recorded`/,
    "run",
    "in/experiment.yaml",
    "--output",
    "other",
  );
});
