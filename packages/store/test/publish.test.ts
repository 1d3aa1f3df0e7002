import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import { createStore, exportRun, publishFolder, publishText } from "../src/index.js";
import { answerOf, freshFolder, manifestOf, sampleOf } from "./run-fixture.js";

const codeOf = (error: unknown) => (isUnshiftError(error) ? error.code : String(error));

test("a folder appears whole: made anew with those above it, or in the place of an empty one", async (t) => {
  const root = dirname(await freshFolder(t));
  const out = join(root, "a/b/out");
  const count = await publishFolder(out, async (folder) => {
    await writeFile(join(folder, "x"), "1");
    t.deepEqual(
      (await readdir(join(root, "a/b"))).filter((name) => !name.startsWith(".")),
      [],
    );
    return 7;
  });
  t.is(count, 7);
  t.deepEqual(await readdir(out), ["x"]);
  await rm(join(out, "x"));
  await publishFolder(out, (folder) => writeFile(join(folder, "y"), "2"));
  t.deepEqual(await readdir(out), ["y"]);
});

test("a folder that is not empty, or a file, stays; what fails leaves nothing behind", async (t) => {
  const root = dirname(await freshFolder(t));
  const [full, file, empty] = [join(root, "full"), join(root, "file"), join(root, "empty")];
  await mkdir(full);
  await writeFile(join(full, "mine"), "mine");
  await writeFile(file, "mine");
  await mkdir(empty);
  const before = (await readdir(root)).sort();
  const never = () => Promise.resolve(t.fail("must not be filled"));
  for (const out of [full, file]) t.is(codeOf(await t.throwsAsync(publishFolder(out, never))), "EXPORT_TARGET");
  const fault = new Error("of the caller");
  const failing = publishFolder(empty, async (folder) => {
    await writeFile(join(folder, "half"), "");
    throw fault;
  });
  t.is(await t.throwsAsync(failing), fault);
  const unwritable = publishFolder(join(file, "below"), never);
  t.is(codeOf(await t.throwsAsync(unwritable)), "RUN_NOT_WRITABLE");
  t.deepEqual((await readdir(root)).sort(), before);
  t.deepEqual(await readdir(empty), []);
});

test("a text is written whole, and replaces a file only by force", async (t) => {
  const out = join(dirname(await freshFolder(t)), "new/x.json");
  await publishText(out, "1", { force: false });
  t.is(codeOf(await t.throwsAsync(publishText(out, "2", { force: false }))), "EXPORT_TARGET");
  t.is(await readFile(out, "utf8"), "1");
  await publishText(out, "2", { force: true });
  t.is(await readFile(out, "utf8"), "2");
  t.is(codeOf(await t.throwsAsync(publishText(dirname(out), "3", { force: true }))), "EXPORT_TARGET");
});

test("columns of answers and samples say what was imported, what runs away and what follows what", async (t) => {
  const folder = await freshFolder(t);
  const run = await createStore().create(folder, manifestOf());
  await run.writeSamples([sampleOf("s1"), { ...sampleOf("s2"), follows: "s1" }]);
  const answer = answerOf("m", "s1", "text");
  await run.appendAnswer({ ...answer, imported: { sha256: "ab", generator: "gpt-4" } });
  await run.appendAnswer({ ...answer, sampleId: "s2", repetition: { period: 2, times: 9, start: 1 } });
  await run.close();
  const csv = async (what: "answers" | "samples") => {
    const out = join(dirname(folder), `${what}.csv`);
    await exportRun(folder, { what, format: "csv", out });
    return (await readFile(out, "utf8")).trimEnd().split("\n");
  };
  const answers = await csv("answers");
  t.true(answers[0]?.endsWith(",generator,imported_sha256,repetition_period,repetition_times"));
  t.true(answers[1]?.endsWith(",gpt-4,ab,,"));
  t.true(answers[2]?.endsWith(",,,2,9"));
  const samples = await csv("samples");
  t.is(samples[0]?.split(",")[3], "follows");
  t.regex(samples[2] ?? "", /,s1,/);
});
