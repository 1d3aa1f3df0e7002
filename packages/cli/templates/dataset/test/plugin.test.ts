import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUnshiftError } from "@unshift/contracts";
import { checkDataset, checkPlugin } from "@unshift/testkit";
import test, { type ExecutionContext } from "ava";
import plugin from "../src/index.js";

const contributed = plugin.datasets?.["acme/questions"];

/** A folder with a file of these lines, removed after the test. */
async function folderWith(t: ExecutionContext, lines: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "questions-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "questions.tsv"), lines.join("\n"));
  return folder;
}

test("the plugin keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
});

test("the dataset keeps the contract: every line a sample, in order, the same when loaded again", async (t) => {
  const lines = ["# a comment", "b\tWhat is the capital of Norway?\tOslo", "", "a\tWho are you?", "c\t\tred | blue\r"];
  const folder = await folderWith(t, lines);
  const samples = await checkDataset(contributed, { options: { file: "questions.tsv" }, folder });
  t.deepEqual(
    samples.map(({ id, reference }) => [id, ...reference]),
    [["b", "Oslo"], ["a"], ["c", "red", "blue"]],
  );
});

test("more lines leave the samples of the others as they are", async (t) => {
  const lines = ["a\tWho?\tAda", "b\tWhere?", "c\tWhen?\t1815"];
  const all = await checkDataset(contributed, {
    options: { file: "questions.tsv" },
    folder: await folderWith(t, lines),
  });
  for (const count of [1, 2, 3]) {
    const folder = await folderWith(t, lines.slice(0, count));
    t.deepEqual(await checkDataset(contributed, { options: { file: "questions.tsv" }, folder }), all.slice(0, count));
  }
});

for (const [name, line] of [
  ["a line without a question", "only-an-id"],
  ["a line without an id", "\tWho?"],
  ["a line with a tab too many", "a\tWho?\tAda\tLovelace"],
] as const) {
  test(`${name} is told with its place`, async (t) => {
    const folder = await folderWith(t, ["ok\tWhy?", line]);
    const error = await t.throwsAsync(checkDataset(contributed, { options: { file: "questions.tsv" }, folder }));
    t.true(isUnshiftError(error));
    t.like(error, { code: "DATASET_FIELD", where: { file: join(folder, "questions.tsv"), line: 2 } });
  });
}
