import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, type Table } from "@unshift/contracts";
import test from "ava";
import { createStore } from "../src/index.js";
import { freshFolder, manifestOf } from "./run-fixture.js";

const store = createStore();

function tableOf(name: string): Table {
  return {
    name,
    title: "Shares of the classes",
    columns: [
      { name: "shift", type: "string", unit: null, meaning: "id of the shift" },
      { name: "positions", type: "integer", unit: "tokens", meaning: "positions compared" },
      { name: "mean", type: "number", unit: "nats", meaning: "mean log-probability" },
      { name: "ok", type: "boolean", unit: null, meaning: "whether" },
    ],
    rows: [
      ["a→b", 3, 0.1 + 0.2, true],
      ['quo"te, comma\nline', 0, Number.NEGATIVE_INFINITY, false],
      ["", null, null, null],
      ["-Infinity", 1, -1e-300, true],
    ],
  };
}

test("tables come back as they were and replace those of an earlier analysis", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  t.deepEqual(await run.tables(), []);
  await run.writeTables([tableOf("old"), tableOf("kept")]);
  await run.writeTables([tableOf("kept"), tableOf("added")]);
  t.deepEqual(await run.tables(), [tableOf("added"), tableOf("kept")]);
  t.deepEqual((await readdir(join(folder, "tables"))).sort(), ["added.csv", "added.json", "kept.csv", "kept.json"]);
  await run.close();
});

test("a table's bytes are fixed", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  await run.writeTables([tableOf("x")]);
  const read = (name: string) => readFile(join(folder, "tables", name), "utf8");
  t.is(
    await read("x.csv"),
    [
      "shift,positions,mean,ok",
      "a→b,3,0.30000000000000004,true",
      '"quo""te, comma\nline",0,-Infinity,false',
      '"",,,',
      "-Infinity,1,-1e-300,true",
      "",
    ].join("\n"),
  );
  const json = await read("x.json");
  t.true(json.includes('    ["a→b",3,0.30000000000000004,true],\n'));
  t.is(JSON.parse(json).rows[1][2], "-Infinity");
  await run.writeTables([tableOf("x")]);
  t.is(await read("x.json"), json);
  await run.close();
});

test("names that are no file names, and twins, are refused", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  for (const tables of [[tableOf("../x")], [tableOf("")], [tableOf("x"), tableOf("X")]]) {
    t.true(isUnshiftError(await t.throwsAsync(run.writeTables(tables))));
  }
  t.deepEqual(await readdir(join(folder, "tables")), []);
  await run.close();
});

test("a damaged table is named with its line", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  await run.writeTables([tableOf("x")]);
  const path = join(folder, "tables", "x.json");
  const lines = (await readFile(path, "utf8")).split("\n");
  await writeFile(path, lines.with(3, "  oops").join("\n"));
  const error = await t.throwsAsync(run.tables());
  t.deepEqual(isUnshiftError(error) ? [error.code, error.where] : null, ["RUN_CORRUPT", { file: path, line: 4 }]);
  await run.close();
});

test("report files lie below report/ and nowhere else", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  t.is(await run.writeReport("report.html", "<p>"), join(folder, "report", "report.html"));
  t.is(await run.writeReport("plots/a.png", Uint8Array.of(1, 2)), join(folder, "report", "plots", "a.png"));
  t.deepEqual([...(await readFile(join(folder, "report", "plots", "a.png")))], [1, 2]);
  for (const name of ["../manifest.json", "/tmp/x", "..", "a/../../x", ""]) {
    t.true(isUnshiftError(await t.throwsAsync(run.writeReport(name, "x"))), name);
  }
  await run.close();
});

test("a vocabulary is stored once under its hash", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  const tokens = ["<s>", "\\xE2", "\ud800", "a\0"].map((text, id) => ({ id, text, special: id === 0 }));
  t.is(await run.vocabulary("abc"), null);
  for (const hash of ["abc", "sha256:../x"]) {
    await run.writeVocabulary(hash, tokens);
    t.deepEqual(await run.vocabulary(hash), tokens);
  }
  await run.writeVocabulary("abc", []);
  t.deepEqual(await run.vocabulary("abc"), tokens, "the hash stands for the content");
  t.is((await readdir(join(folder, "vocabularies"))).length, 2);
  t.true(isUnshiftError(await t.throwsAsync(run.writeVocabulary("d", [{ id: 3, text: "", special: false }]))));
  await writeFile(join(folder, "vocabularies", "abc.json"), '{"hash":"abc"');
  t.true((await t.throwsAsync(run.vocabulary("abc")))?.message.includes("abc.json"));
  await run.close();
});
