import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorCode, isUnshiftError, type UnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { createStore } from "../src/index.js";
import { answerOf, freshFolder, manifestOf, verdictOf } from "./run-fixture.js";

const store = createStore();

async function refusal(t: ExecutionContext, code: ErrorCode, work: Promise<unknown>): Promise<UnshiftError> {
  const error = await t.throwsAsync(work);
  if (!isUnshiftError(error)) throw error ?? new Error("nothing was thrown");
  t.is(error.code, code);
  return error;
}

test("a new folder gets its manifest and is opened again with it", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  await run.updateManifest({ notes: ["limited to 5 samples"] });
  await run.close();
  const again = await store.open(folder, { readOnly: true });
  t.deepEqual(again.manifest(), manifestOf({ notes: ["limited to 5 samples"] }));
  t.true((await readFile(join(folder, "manifest.json"), "utf8")).includes('\n  "name": "quick"'));
  await again.close();
});

test("the same experiment continues; what identifies the run stays", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const run = await store.create(folder, manifestOf({ createdAt: "2027-01-01T00:00:00.000Z" }));
  t.is(run.manifest().createdAt, "2026-01-01T00:00:00.000Z");
  const sneaky = { experimentKey: "other", notes: ["n"] };
  await run.updateManifest(sneaky);
  t.is(run.manifest().experimentKey, "key-1");
  t.deepEqual(run.manifest().notes, ["n"]);
  await run.close();
});

test("another experiment is refused with what differs, and nothing is touched", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const before = await readFile(join(folder, "manifest.json"), "utf8");
  const names = await readdir(folder);
  const experiment = { systems: { base: { decoding: { temperature: 0.5 } } }, topK: 10, extra: [1] };
  const error = await refusal(
    t,
    "RUN_OTHER_EXPERIMENT",
    store.create(folder, manifestOf({ experimentKey: "key-2", experiment })),
  );
  t.true(error.message.includes("systems.base.decoding.temperature: 0 there, 0.5 here"), error.message);
  t.true(error.message.includes("extra: nothing there, [1] here"), error.message);
  t.false(error.message.includes("topK"));
  t.regex(error.hint ?? "", /another output folder/);
  t.is(await readFile(join(folder, "manifest.json"), "utf8"), before);
  t.deepEqual(await readdir(folder), names);
});

test("of many differences the first ten are named and the rest counted", async (t) => {
  const folder = await freshFolder(t);
  const many = (value: number) => Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`k${at}`, value]));
  await (await store.create(folder, manifestOf({ experiment: many(1) }))).close();
  const error = await refusal(
    t,
    "RUN_OTHER_EXPERIMENT",
    store.create(folder, manifestOf({ experimentKey: "key-2", experiment: many(2) })),
  );
  t.true(error.message.includes("k9: 1 there, 2 here"));
  t.false(error.message.includes("k10:"));
  t.true(error.message.includes("and 4 more"));
});

test("where the experiments agree, what surrounds them is compared", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const other = manifestOf({ experimentKey: "key-2", models: { base: { fileHash: "cd" } } });
  const error = await refusal(t, "RUN_OTHER_EXPERIMENT", store.create(folder, other));
  t.true(error.message.includes('models.base.fileHash: "ab" there, "cd" here'), error.message);
});

test("a newer format is refused by create and open, whatever else it holds", async (t) => {
  const folder = await freshFolder(t);
  await mkdir(folder);
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ format: 2, somethingNew: true }));
  for (const work of [store.create(folder, manifestOf()), store.open(folder), store.open(folder, { readOnly: true })]) {
    const error = await refusal(t, "RUN_NEWER_FORMAT", work);
    t.regex(error.message, /format 2.*up to 1/);
  }
  t.deepEqual(await readdir(folder), ["manifest.json"]);
});

test("a damaged manifest is refused with its line", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const path = join(folder, "manifest.json");
  const lines = (await readFile(path, "utf8")).split("\n");
  for (const [damaged, line] of [
    [lines.with(4, '  "unshiftVersion" "0.1.0",').join("\n"), 5],
    [lines.with(2, '  "name": quick,').join("\n"), 3],
    [lines.slice(0, 7).join("\n"), 7],
    ["", 1],
  ] as const) {
    await writeFile(path, damaged);
    const error = await refusal(t, "RUN_CORRUPT", store.open(folder));
    t.deepEqual(error.where, { file: path, line });
  }
  await writeFile(path, JSON.stringify({ ...manifestOf(), experiment: null }));
  const error = await refusal(t, "RUN_CORRUPT", store.open(folder));
  t.regex(error.message, /"experiment" should be an object, found null/);
});

test("what is no run folder is not opened, and a used folder is not made one", async (t) => {
  const folder = await freshFolder(t);
  t.regex((await refusal(t, "RUN_NOT_FOUND", store.open(folder))).message, /does not exist/);
  await mkdir(folder);
  t.regex((await refusal(t, "RUN_NOT_FOUND", store.open(folder))).message, /no manifest\.json/);
  await writeFile(join(folder, "thesis.tex"), "x");
  t.regex((await refusal(t, "RUN_NOT_FOUND", store.create(folder, manifestOf()))).message, /thesis\.tex/);
  t.deepEqual(await readdir(folder), ["thesis.tex"]);
  const file = join(folder, "thesis.tex");
  t.regex((await refusal(t, "RUN_NOT_FOUND", store.open(file))).message, /is a file/);
});

test("a folder that cannot be made is refused with path and reason", async (t) => {
  const folder = await freshFolder(t);
  await writeFile(folder, "a file");
  const inFile = await refusal(t, "RUN_NOT_WRITABLE", store.create(join(folder, "run"), manifestOf()));
  t.true(inFile.message.includes(folder) && /is a file/.test(inFile.message), inFile.message);
  const isFile = await refusal(t, "RUN_NOT_WRITABLE", store.create(folder, manifestOf()));
  t.true(isFile.message.includes(folder), isFile.message);
  t.is(await readFile(folder, "utf8"), "a file");
});

/** Where /proc and /dev/full are: elsewhere the test says so, and that it is elsewhere. */
function onLinux(t: ExecutionContext): boolean {
  if (process.platform === "linux") return true;
  t.log(`not shown: ${process.platform} has no such files`);
  t.not(process.platform, "linux");
  return false;
}

test("a file system that takes no files is refused", async (t) => {
  if (!onLinux(t)) return;
  await refusal(t, "RUN_NOT_WRITABLE", store.create("/proc/unshift-run", manifestOf()));
  await refusal(t, "RUN_NOT_WRITABLE", store.create("/sys/kernel/unshift-run", manifestOf()));
});

test("a folder without write permission is refused before any work", async (t) => {
  if (process.getuid?.() === 0) {
    t.log("not shown: root writes everywhere");
    t.is(process.getuid(), 0);
    return;
  }
  const folder = await freshFolder(t);
  await mkdir(folder);
  await chmod(folder, 0o500);
  const error = await refusal(t, "RUN_NOT_WRITABLE", store.create(folder, manifestOf()));
  t.regex(error.message, /permission denied/);
});

test("a full disk is RUN_NO_SPACE, and what was there stays", async (t) => {
  if (!onLinux(t)) return;
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  // Writes to /dev/full fail as on a full disk.
  await symlink("/dev/full", join(folder, "answers.jsonl"));
  const run = await store.create(folder, manifestOf());
  const error = await refusal(t, "RUN_NO_SPACE", run.appendAnswer(answerOf("base", "s1")));
  t.regex(error.message, /answers\.jsonl/);
  await run.appendVerdict(verdictOf("j", "base", "s1", 1));
  t.is((await run.verdicts()).length, 1);
  await run.close();
});

test("a read-only store takes no lock, writes nothing and says so when asked to", async (t) => {
  const folder = await freshFolder(t);
  const writer = await store.create(folder, manifestOf());
  const reader = await store.open(folder, { readOnly: true });
  const before = (await stat(join(folder, "manifest.json"))).mtimeMs;
  await refusal(t, "INTERNAL", reader.updateManifest({ notes: [] }));
  await refusal(t, "INTERNAL", reader.flushPositions());
  reader.log({ event: "looked" });
  await reader.close();
  t.is((await stat(join(folder, "manifest.json"))).mtimeMs, before);
  t.false((await readdir(folder)).includes("log.jsonl"));
  await refusal(t, "INTERNAL", reader.samples());
  await writer.close();
});

test("leftovers of a crash go when the folder is opened for writing, not when it is read", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const leftovers = [
    join(folder, "positions", ".part-000001-ab.parquet.0011.tmp"),
    join(folder, ".manifest.json.22.tmp"),
  ];
  for (const path of leftovers) await writeFile(path, "half");
  await (await store.open(folder, { readOnly: true })).close();
  for (const path of leftovers) t.is(await readFile(path, "utf8"), "half");
  await (await store.open(folder)).close();
  t.deepEqual(await readdir(join(folder, "positions")), []);
  t.false((await readdir(folder)).some((name) => name.startsWith(".")));
});

test("probe refuses what create would refuse, and writes nothing", async (t) => {
  const folder = await freshFolder(t);
  await store.probe(join(folder, "a", "b"));
  t.deepEqual(await readdir(folder).catch(() => []), [], "nothing was made");

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "file"), "x");
  await refusal(t, "RUN_NOT_WRITABLE", store.probe(join(folder, "file", "run")));
  await refusal(t, "RUN_NOT_WRITABLE", store.probe(join(folder, "file")));
  await refusal(t, "RUN_NOT_FOUND", store.probe(folder));
});
