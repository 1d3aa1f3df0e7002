import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ErrorCode, isUnshiftError, type VerdictRecord } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import {
  createStore,
  type ExportFormat,
  type ExportSubject,
  exportFormats,
  exportRun,
  positionColumns,
} from "../src/index.js";
import { DuckDbSession, sqlPaths } from "../src/positions/duckdb-session.js";
import {
  answerOf,
  blockOf,
  columnsOf,
  comparisonOf,
  freshFolder,
  manifestOf,
  sampleOf,
  verdictOf,
} from "./run-fixture.js";

/** A run whose records were finished in the order given. */
async function runOf(t: ExecutionContext, order: readonly string[]): Promise<string> {
  const folder = await freshFolder(t);
  const run = await createStore().create(folder, manifestOf());
  await run.writeSamples(["s2", "s10", "\u{1f600}", "\uff5e"].map((id) => sampleOf(id)));
  for (const id of order) {
    const columns = columnsOf(id.length, 3);
    columns.subjectLogprob[1] = Number.NEGATIVE_INFINITY;
    columns.subjectTopLogprobs[0] = Number.NEGATIVE_INFINITY;
    const block = blockOf("a→b", id, columns);
    await run.appendAnswer(answerOf("base", id, `text of ${id}`));
    await run.appendVerdict(verdictOf("j", "base", id, 1));
    await run.writePositions(block);
    await run.appendComparison(comparisonOf(block));
    if (id === "s2") await run.flushPositions();
  }
  await run.writeTables([{ name: "x", title: "X", columns: [], rows: [] }]);
  await run.close();
  return folder;
}

const ids = ["s2", "s10", "\u{1f600}", "\uff5e"];

test("every offer works, and its bytes do not depend on the order in which items were finished", async (t) => {
  const runs = [await runOf(t, ids), await runOf(t, ids.toReversed())];
  for (const [what, formats] of Object.entries(exportFormats) as [ExportSubject, readonly ExportFormat[]][]) {
    for (const format of formats) {
      const outs = runs.map((run) => join(dirname(run), "out", `${what}.${format}`));
      for (const [at, run] of runs.entries()) {
        const result = await exportRun(run, { what, format, out: outs[at] ?? "" });
        t.is(result.count, what === "tables" ? 1 : what === "positions" ? 12 : 4, `${what} ${format}`);
      }
      if (what === "tables" && format === "csv") {
        t.deepEqual(await readdir(outs[0] ?? ""), ["x.csv"]);
        continue;
      }
      const [first, second] = await Promise.all(outs.map((out) => readFile(out)));
      t.true(first?.equals(second ?? Buffer.alloc(0)), `${what} ${format}`);
    }
  }
  t.deepEqual(
    (await readdir(join(dirname(runs[0] ?? ""), "out"))).filter((name) => name.startsWith(".")),
    [],
  );
});

test("positions are sorted by shift, sample in code units, position, and are whole", async (t) => {
  const run = await runOf(t, ids);
  const out = (format: string) => join(dirname(run), `positions.${format}`);
  for (const format of ["parquet", "csv", "jsonl"] as const)
    await exportRun(run, { what: "positions", format, out: out(format) });
  const session = new DuckDbSession();
  const rows = await session.use(async (connection) => {
    const result = await connection.runAndReadAll(`SELECT * FROM read_parquet(${sqlPaths([out("parquet")])})`);
    t.deepEqual(
      result.columnNames(),
      positionColumns.map(({ name }) => name),
    );
    t.deepEqual(
      result.columnTypes().map(String),
      positionColumns.map(({ type }) => type),
    );
    return result.getRowObjectsJS();
  });
  await session.close();
  t.deepEqual(
    rows.map((row) => [row.sample_id, row.position]),
    [...ids].sort().flatMap((id) => [0, 1, 2].map((at) => [id, at])),
  );
  t.is(rows[1]?.subject_logprob, Number.NEGATIVE_INFINITY);
  const lines = (await readFile(out("jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(lines.length, 12);
  t.is(lines[1].subject_logprob, "-Infinity");
  t.is(lines[0].subject_top_logprobs[0], "-Infinity");
  t.is(lines[0].reference_logprob, rows[0]?.reference_logprob);
  t.is((await readFile(out("csv"), "utf8")).split("\n")[0], positionColumns.map(({ name }) => name).join(","));
});

test("of a sample compared again the current comparison is exported", async (t) => {
  const folder = await freshFolder(t);
  const run = await createStore().create(folder, manifestOf());
  const [first, second] = [blockOf("a→b", "s1", columnsOf(1, 2), "k1"), blockOf("a→b", "s1", columnsOf(2, 5), "k2")];
  for (const block of [first, second]) {
    await run.writePositions(block);
    await run.flushPositions();
    await run.appendComparison(comparisonOf(block));
  }
  const request = {
    what: "positions",
    format: "parquet",
    out: join(dirname(folder), "p.parquet"),
    force: true,
  } as const;
  t.is((await exportRun(folder, request)).count, 5);
  await run.appendComparison(comparisonOf(first));
  t.is((await exportRun(folder, request)).count, 2);
  await run.close();
});

test("answers as CSV and JSON", async (t) => {
  const run = await runOf(t, ids.toReversed());
  const out = (format: string) => join(dirname(run), `answers.${format}`);
  for (const format of ["csv", "json", "jsonl"] as const)
    await exportRun(run, { what: "answers", format, out: out(format) });
  const expected = ids.map((id) => answerOf("base", id, `text of ${id}`));
  t.deepEqual(JSON.parse(await readFile(out("json"), "utf8")), expected);
  const lines = (await readFile(out("csv"), "utf8")).split("\n");
  t.is(lines[0]?.split(",").slice(0, 5).join(), "system,sample_id,item_key,status,text");
  t.true(lines[1]?.startsWith('base,s2,answer-base-s2,answered,text of s2,text of s2,eos,,"[5,6]"'));
});

test("a target that exists and a format that is not offered are refused; force replaces a file, never a folder", async (t) => {
  const run = await runOf(t, ["s2"]);
  const out = join(dirname(run), "out.csv");
  const refused = async (code: ErrorCode, request: Parameters<typeof exportRun>[1], hint: RegExp) => {
    const error = await t.throwsAsync(exportRun(run, request));
    t.is(isUnshiftError(error) ? error.code : error?.message, code);
    t.regex(isUnshiftError(error) ? `${error.message} ${error.hint}` : "", hint);
  };
  await writeFile(out, "mine");
  await refused("EXPORT_TARGET", { what: "answers", format: "csv", out }, /exists.*--force/);
  t.is(await readFile(out, "utf8"), "mine");
  await exportRun(run, { what: "answers", format: "csv", out, force: true });
  t.regex(await readFile(out, "utf8"), /^system,/);
  await refused("EXPORT_TARGET", { what: "positions", format: "json", out: `${out}2` }, /parquet, csv, jsonl/);
  await mkdir(`${out}.d`);
  await refused("EXPORT_TARGET", { what: "answers", format: "csv", out: `${out}.d`, force: true }, /folder/);
  const missing = await t.throwsAsync(exportRun(join(run, "none"), { what: "answers", format: "csv", out: `${out}3` }));
  t.is(isUnshiftError(missing) ? missing.code : "", "RUN_NOT_FOUND");
});

test("verdicts are exported whole: pairs with the other system and preferences, repeats, repairs", async (t) => {
  const order = [0, 1, 2, 3];
  const csvs: string[] = [];
  for (const records of [order, order.toReversed()]) {
    const folder = await freshFolder(t);
    const run = await createStore().create(folder, manifestOf());
    await run.writeSamples([sampleOf("s1")]);
    const pair = { key: "p", judge: "pairs", system: "b", sampleId: "s1" } as const;
    const all: VerdictRecord[] = [
      {
        ...pair,
        against: "a",
        judgement: { status: "preferred", preferences: { overall: "inconsistent", depth: "tie" } },
      },
      { ...pair, against: "a", repeat: 2, judgement: { status: "preferred", preferences: { overall: "answer" } } },
      { ...pair, against: "c", judgement: { status: "unparsed", reason: "no score", raw: "?" } },
      {
        ...pair,
        judge: "points",
        judgement: {
          status: "scored",
          scores: { depth: 4 },
          notApplicable: ["clarity"],
          repairs: ["a comma too many"],
        },
      },
    ];
    for (const i of records) await run.appendVerdict(all[i] as VerdictRecord);
    await run.close();
    const out = join(dirname(folder), "verdicts.csv");
    await exportRun(folder, { what: "verdicts", format: "csv", out, force: true });
    csvs.push(await readFile(out, "utf8"));
  }
  t.is(csvs[0], csvs[1]);
  const [head, ...rows] = (csvs[0] ?? "").trimEnd().split("\n");
  t.is(
    head,
    "judge,system,against,sample_id,repeat,item_key,status,score_depth,preference_depth,preference_overall,not_applicable,repairs,reason,rationale,raw",
  );
  t.is(rows.length, 4);
  t.true(rows[0]?.startsWith("pairs,b,a,s1,1,p,preferred,,tie,inconsistent,"), rows[0]);
  t.true(rows[1]?.startsWith("pairs,b,a,s1,2,p,preferred,,,answer,"), rows[1]);
  t.true(rows[2]?.startsWith("pairs,b,c,s1,1,p,unparsed,,,,"), rows[2]);
  t.true(rows[3]?.startsWith("points,b,,s1,1,p,scored,4,,,"), rows[3]);
  t.true(rows[3]?.includes("clarity") && rows[3].includes("a comma too many"));
});
