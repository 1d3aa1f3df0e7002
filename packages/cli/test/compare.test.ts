import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnsweredRecord, JsonObject, Preference, Sample, VerdictRecord } from "@unshift/contracts";
import type { Manifest } from "@unshift/contracts/services";
import { createStore } from "@unshift/store";
import test, { type ExecutionContext } from "ava";

const binary = fileURLToPath(new URL("../../bin/unshift.mjs", import.meta.url));

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function unshift(...args: readonly string[]): Promise<Done> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [binary, ...args],
      { env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

interface MadeRun {
  readonly name?: string;
  /** System → scores of samples q0, q1, …; null: unparsed. */
  readonly scores: Readonly<Record<string, readonly (number | null)[]>>;
  readonly judge?: JsonObject;
  readonly selection?: JsonObject;
  readonly engine?: string;
  readonly ask?: (sample: number) => string;
  /** Judge of pairs instead: system and the other one, and what was preferred on samples q0, q1, …; null: no verdict. */
  readonly pairs?: readonly (readonly [string, string, readonly (Preference | null)[]])[];
  /** Person → system → scores of samples q0, q1, …, on a scale from 1. */
  readonly raters?: Readonly<
    Record<
      string,
      { readonly max: number; readonly seed?: number; readonly scores: Readonly<Record<string, readonly number[]>> }
    >
  >;
  /** System → what its answers are called after, where runs are to differ in them. */
  readonly answers?: Readonly<Record<string, string>>;
}

const judgeFacts = {
  id: "just-eval",
  use: "just-eval",
  version: "1",
  options: { naPolicy: "exclude" },
  aspects: [{ id: "depth", title: "Depth", min: 1, max: 5, meaning: "how deep" }],
};

/** A finished run folder as `unshift run` leaves one, without models. */
async function makeRun(folder: string, made: MadeRun): Promise<string> {
  const systems = Object.keys(made.scores);
  const count = Math.max(...Object.values(made.scores).map(({ length }) => length));
  const samples = Array.from(
    { length: count },
    (_, i): Sample => ({
      id: `q${i}`,
      messages: [{ role: "user", content: made.ask?.(i) ?? `question ${i}` }],
      reference: [],
      tags: { task: [i % 2 === 0 ? "math" : "writing"] },
    }),
  );
  const manifest: Manifest = {
    format: 1,
    name: made.name ?? "made",
    experimentKey: "key",
    unshiftVersion: "0.1.0",
    createdAt: "2026-01-01T00:00:00.000Z",
    experimentText: "",
    experiment: {
      models: {},
      systems: [],
      recorded: systems.map((id): JsonObject => ({ id, answers: "x.jsonl", tokenizer: null })),
      dataset: { use: "made", options: {} },
      selection: { limit: null, seed: null, ids: null, where: null, ...made.selection },
      shifts: [],
      judges: [{ ...judgeFacts, ...made.judge }],
      annotators: Object.entries(made.raters ?? {}).map(
        ([name, { max, seed = 0 }]): JsonObject => ({
          id: `human:${name}`,
          use: "human",
          version: "1",
          options: { mode: "rubric", seed },
          aspects: [{ id: "depth", title: "Depth", min: 1, max, meaning: "mean score by people" }],
        }),
      ),
      judgeEngines: [],
      analyses: [],
      seed: 3,
    },
    plugins: [],
    models: {},
    engine: "none",
    numerics: "none",
    machine: {},
    dataset: { use: "made", samples: count, available: count, provenance: { sha256: "ab" } },
    notes: [],
  };
  const store = await createStore().create(folder, manifest);
  await store.writeSamples(samples);
  for (const [system, scores] of Object.entries(made.scores)) {
    for (const [i, score] of scores.entries()) {
      const key = made.answers?.[system] ?? system;
      await store.appendAnswer({ ...answerOf(system, `q${i}`, "word ".repeat(i + 1)), key: `${key} q${i}` });
      if (made.pairs !== undefined) continue;
      const replies = made.engine === undefined ? [] : [`${system} ${i}`];
      for (const key of replies) {
        await store.appendReply({
          key,
          judge: "just-eval",
          engine: made.engine ?? "",
          system,
          sampleId: `q${i}`,
          request: { id: "scores", messages: [], maxTokens: 1, temperature: 0 },
          reply: { text: "", ended: "whole", model: "m", tokens: null },
          durationMs: 1,
        });
      }
      const judgement: VerdictRecord["judgement"] =
        score === null ? { status: "unparsed", reason: "?", raw: "?" } : { status: "scored", scores: { depth: score } };
      await store.appendVerdict({
        key: `${system} ${i}`,
        judge: "just-eval",
        system,
        sampleId: `q${i}`,
        replies,
        judgement,
      });
    }
  }
  for (const [name, { scores }] of Object.entries(made.raters ?? {})) {
    for (const [system, own] of Object.entries(scores)) {
      for (const [i, depth] of own.entries()) {
        const judgement = { status: "scored", scores: { depth } } as const;
        await store.appendVerdict({ key: `${i}`, judge: `human:${name}`, system, sampleId: `q${i}`, judgement });
      }
    }
  }
  for (const [system, against, preferences] of made.pairs ?? []) {
    for (const [i, preference] of preferences.entries()) {
      if (preference === null) continue;
      const judgement = { status: "preferred", preferences: { overall: preference } } as const;
      await store.appendVerdict({ key: `${i}`, judge: "just-eval", system, against, sampleId: `q${i}`, judgement });
    }
  }
  await store.close();
  return folder;
}

function answerOf(system: string, sampleId: string, text: string): AnsweredRecord {
  return {
    key: `${system} ${sampleId}`,
    system,
    sampleId,
    status: "answered",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "unknown",
    stop: null,
    durationMs: 0,
  };
}

async function work(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-compare-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const rowsOf = (
  document: { tables: { name: string; columns: { name: string }[]; rows: unknown[][] }[] },
  name: string,
) => {
  const table = document.tables.find((candidate) => candidate.name === name);
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries((table?.columns ?? []).map((column, i) => [column.name, row[i]])),
  );
};

test("systems of two runs stand side by side, paired on the samples that are the same", async (t) => {
  const folder = await work(t);
  const one = await makeRun(join(folder, "one"), { scores: { base: [3, 3, 2, 4, null] } });
  const two = await makeRun(join(folder, "two"), { scores: { base: [4, 4, 4, 4, 4] } });
  const { code, stdout, stderr } = await unshift("compare", one, two, "--json");
  t.is(code, 0, stderr + stdout);
  const document = JSON.parse(stdout);
  t.is(document.comparable, true);
  t.deepEqual(document.differences, [
    {
      path: "verdicts of just-eval without a score",
      values: { one: "1 of 5 (1 unparsed)", two: "0 of 5" },
      bearable: true,
    },
  ]);
  t.deepEqual(document.notes, ["verdicts of just-eval without a score: 1 of 5 (1 unparsed) in one, 0 of 5 in two"]);
  t.deepEqual(
    document.runs.map(({ label, systems }: { label: string; systems: string[] }) => [label, systems]),
    [
      ["one", ["one/base"]],
      ["two", ["two/base"]],
    ],
  );
  const [row = {}] = rowsOf(document, "score_comparisons");
  t.like(row, { first: "one/base", second: "two/base", n: 4, difference: -1, only_first: 0, only_second: 1 });
  t.like(rowsOf(document, "scores")[0], {
    system: "one/base",
    mean: 3,
    n: 4,
    unparsed: 1,
    na_policy: "exclude",
    mean_words: 2.5,
  });
  const again = await unshift("compare", one, two, "--json");
  t.is(again.stdout, stdout, "the same bytes every time");
  const text = await unshift("compare", one, two);
  t.regex(text.stdout, /one\/base\s+two\/base/);
  t.notRegex(text.stdout, /not comparable/);
});

test("runs of other judges, engines and limits are refused with every difference; --anyway goes on and says so", async (t) => {
  const folder = await work(t);
  const one = await makeRun(join(folder, "one"), { scores: { base: [3, 4, 5] }, engine: "gpt-4 at example" });
  const two = await makeRun(join(folder, "two"), {
    scores: { base: [4, 4] },
    judge: { version: "2", options: { naPolicy: "five" } },
    selection: { limit: 2, seed: 7 },
    engine: "gpt-3.5 at example",
    ask: (i) => (i === 1 ? "something else" : `question ${i}`),
  });
  const refused = await unshift("compare", one, two, "--json");
  t.is(refused.code, 2);
  const { error } = JSON.parse(refused.stdout);
  t.is(error.code, "RUNS_NOT_COMPARABLE");
  t.regex(error.hint, /--anyway/);
  t.deepEqual(error.message.split("\n").slice(1), [
    '  - judges.just-eval.version: "1" in one, "2" in two',
    '  - judges.just-eval.options.naPolicy: "exclude" in one, "five" in two',
    '  - judges.just-eval.engine: "gpt-4 at example" in one, "gpt-3.5 at example" in two',
    "  - selection.limit: nothing in one, 2 in two",
    "  - selection.seed: nothing in one, 7 in two",
    '  - samples: "3, of them 1 not in two" in one, "2, of them 0 not in one" in two',
    '  - samples of one id that ask something else: "q1" in one, "q1" in two',
  ]);
  for (const command of ["compare", "leaderboard"]) t.is((await unshift(command, one, two)).code, 2);

  const { code, stdout } = await unshift("compare", one, two, "--anyway", "--json");
  t.is(code, 0);
  const document = JSON.parse(stdout);
  t.is(document.comparable, false);
  t.is(document.notes.length, 7);
  for (const { title } of document.tables) t.regex(title, /\(runs are not comparable\)$/);
  const [row = {}] = rowsOf(document, "score_comparisons");
  t.like(row, { n: 1, difference: -1, only_first: 2, only_second: 1 }, "q1 asks two things and is no pair");
  const latex = await unshift("compare", one, two, "--anyway", "--table", "scores", "--format", "latex");
  t.regex(latex.stdout, /\\caption\{Scores \(runs are not comparable\)\. not comparable: judges\.just-eval\.version/);
  const csv = await unshift("leaderboard", one, two, "--anyway", "--format", "csv");
  t.regex(csv.stderr, /not comparable/);
  t.regex(csv.stdout, /^rank,system,/);
});

test("judging that stopped half way is refused; as many replies unread on both sides are only told", async (t) => {
  const folder = await work(t);
  const scores = { x: [0, 0, 0, 0], base: [0, 0, 0, 0] };
  const whole = await makeRun(join(folder, "whole"), {
    scores,
    pairs: [["x", "base", ["answer", "tie", "answer", "against"]]],
  });
  const half = await makeRun(join(folder, "half"), { scores, pairs: [["x", "base", ["answer", "tie", null, null]]] });
  const refused = await unshift("compare", whole, half, "--json");
  t.is(refused.code, 2);
  t.regex(
    JSON.parse(refused.stdout).error.message,
    /- verdicts of just-eval without a score: "0 of 4" in whole, "2 of 4 \(2 missing\)" in half$/,
  );
  const anyway = JSON.parse((await unshift("compare", whole, half, "--anyway", "--json")).stdout);
  t.is(anyway.notes.length, 1);
  const one = await makeRun(join(folder, "one"), { scores: { a: [3, null] } });
  const two = await makeRun(join(folder, "two"), { scores: { b: [null, 4] } });
  const document = JSON.parse((await unshift("compare", one, two, "--json")).stdout);
  t.deepEqual([document.comparable, document.differences], [true, []]);
  t.regex(document.notes[0], /1 of 2 \(1 unparsed\) in one, 1 of 2 \(1 unparsed\) in two/);
  t.regex((await unshift("compare", one, two)).stdout, /1 of 2 \(1 unparsed\) in one/);
});

test("a baseline of both runs with the same answers links their ratings; one with others does not", async (t) => {
  const folder = await work(t);
  const run = (name: string, system: string, preferences: readonly Preference[], base: string) =>
    makeRun(join(folder, name), {
      scores: { [system]: [0, 0, 0, 0], base: [0, 0, 0, 0] },
      pairs: [[system, "base", preferences]],
      answers: { base },
    });
  const one = await run("one", "x", ["answer", "answer", "answer", "against"], "same");
  const two = await run("two", "y", ["answer", "against", "against", "against"], "same");
  const other = await run("other", "y", ["answer", "against", "against", "against"], "different");
  const ratings = async (...runs: readonly string[]) => {
    const { stdout } = await unshift("compare", ...runs, "--json");
    return rowsOf(JSON.parse(stdout), "ratings").map(({ rank, system, n, status }) => [rank, system, n, status]);
  };
  t.deepEqual(await ratings(one, two), [
    [1, "one/x", 4, "fitted"],
    [2, "one+two/base", 8, "fitted"],
    [3, "two/y", 4, "fitted"],
  ]);
  const apart = await ratings(one, other);
  t.deepEqual(apart.map(([, system]) => system).sort(), ["one/base", "one/x", "other/base", "other/y"]);
  t.true(apart.every(([, , , status]) => status === "unfitted"));
});

test("a leaderboard ranks the systems of all runs", async (t) => {
  const folder = await work(t);
  const one = await makeRun(join(folder, "x", "run"), { scores: { a: [3, 3], b: [5, 5] } });
  const two = await makeRun(join(folder, "y", "run"), { scores: { a: [4, 4] } });
  const { stdout, code } = await unshift("leaderboard", one, two, "--json");
  t.is(code, 0, stdout);
  const rows = rowsOf(JSON.parse(stdout), "leaderboard_just-eval");
  t.deepEqual(
    rows.map(({ rank, system, score, n }) => [rank, system, score, n]),
    [
      [1, `${one}/b`, 5, 2],
      [2, `${two}/a`, 4, 2],
      [3, `${one}/a`, 3, 2],
    ],
    "folders of one name are told apart by their paths",
  );
  t.is((await unshift("leaderboard", one, "--by", "depth")).code, 0);
  t.regex((await unshift("leaderboard", one, "--by", "wit")).stderr, /Aspects: depth/);
});

test("what cannot be compared at all is refused with the reason", async (t) => {
  const folder = await work(t);
  const one = await makeRun(join(folder, "one"), { scores: { a: [3, 3] } });
  const half = await makeRun(join(folder, "half"), { scores: { a: [3, 3], b: [3] } });
  t.regex((await unshift("compare", one)).stderr, /two runs or more/);
  t.regex((await unshift("compare", one, one)).stderr, /given twice/);
  t.regex((await unshift("compare", one, half)).stderr, /lacks 1 answers.*RUN_UNFINISHED/);
  t.regex((await unshift("compare", one, join(folder, "none"))).stderr, /RUN_NOT_FOUND/);
  t.regex((await unshift("leaderboard", one, "--judge", "just-evil")).stderr, /Did you mean "just-eval"/);
  t.regex((await unshift("compare", one, half, "--format", "excel")).stderr, /"?text"?, "?markdown/);
});

test("analyse prints the tables asked for; export writes all of them for people", async (t) => {
  const folder = await work(t);
  const run = await makeRun(join(folder, "one"), { scores: { a: [3, 4], b: [1, 2] } });
  const csv = await unshift("analyse", run, "--table", "scores", "--format", "csv");
  t.is(csv.code, 0, csv.stderr);
  t.regex(csv.stdout, /^system,judge,aspect,n,mean,/);
  t.is(csv.stdout.trimEnd().split("\n").length, 3);
  const two = await unshift(
    "analyse",
    run,
    "--table",
    "scores",
    "--table",
    "score_comparisons",
    "--format",
    "markdown",
  );
  t.deepEqual(two.stdout.match(/^### .*$/gm), ["### Scores", "### Systems compared on the same samples"]);
  t.regex((await unshift("analyse", run, "--format", "csv")).stderr, /CSV holds one table/);
  t.regex((await unshift("analyse", run, "--table", "score")).stderr, /Did you mean "scores"/);
  const json = JSON.parse((await unshift("analyse", run, "--table", "scores", "--json")).stdout);
  t.deepEqual(
    json.map(({ name }: { name: string }) => name),
    ["scores"],
  );
  const done = await unshift("export", run, "--what", "tables", "--format", "latex", "--out", join(folder, "tex"));
  t.is(done.code, 0, done.stderr);
  t.true((await readdir(join(folder, "tex"))).includes("score_comparisons.tex"));
  t.regex((await unshift("export", run, "--format", "latex", "--out", join(folder, "no"))).stderr, /EXPORT_TARGET/);
});

test("people are compared like judges: by name, on the same scales, in the same mode; another seed is told and borne", async (t) => {
  const folder = await work(t);
  const made = (name: string, max: number, seed: number) =>
    makeRun(join(folder, name), {
      scores: { base: [3, 3] },
      judge: { version: name },
      raters: { ada: { max, seed, scores: { base: [1, 2] } } },
    });
  const [one, two, wide] = [await made("one", 5, 0), await made("two", 5, 1), await made("wide", 10, 0)];
  const alone = await unshift("compare", one, two, "--judge", "human:ada", "--json");
  t.is(alone.code, 0, alone.stderr + alone.stdout);
  const document = JSON.parse(alone.stdout);
  t.deepEqual(document.differences, [{ path: "raters.human:ada.seed", values: { one: 0, two: 1 }, bearable: true }]);
  t.like(rowsOf(document, "score_comparisons")[0], { judge: "human:ada", first: "one/base", n: 2, difference: 0 });

  const other = await unshift("compare", one, wide, "--judge", "human:ada");
  t.is(other.code, 2);
  t.regex(other.stderr, /raters\.human:ada\.depth: \[1,5\] in one, \[1,10\] in wide/);
  t.notRegex(other.stderr, /judges\.just-eval/);
  const both = await unshift("compare", one, wide);
  t.regex(both.stderr, /judges\.just-eval\.version/);
  t.regex(both.stderr, /raters\.human:ada\.depth/);

  const unrated = await makeRun(join(folder, "unrated"), { scores: { base: [3, 3] }, judge: { version: "one" } });
  t.is((await unshift("compare", one, unrated)).code, 0, "who rated one run alone compares nothing");
  const nobody = await unshift("compare", one, unrated, "--judge", "human:adam");
  t.regex(nobody.stderr, /no run has a judge "human:adam"\. Judges: just-eval, human:ada\..*Did you mean "human:ada"/);
});
