import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContext } from "@unshift/testkit";
import { Corpus } from "../../src/corpus/corpus.js";

/** Rows whose words differ enough to be told apart. */
export function corpusRows(count: number): { id: string; instruction: string; output: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `c${index}`,
    instruction: `Tell item ${index} of group ${index % 37}, colour ${index % 11}`,
    output: `Item ${index} it is.`,
  }));
}

/** A folder with `corpus.jsonl` and an empty cache. */
export async function corpusFolder(count: number): Promise<{ readonly folder: string; readonly cache: string }> {
  const folder = await mkdtemp(join(tmpdir(), "retrieval-"));
  await writeFile(
    join(folder, "corpus.jsonl"),
    corpusRows(count)
      .map((row) => JSON.stringify(row))
      .join("\n"),
  );
  return { folder, cache: join(folder, "cache") };
}

export function readCorpus(folder: string): Promise<Corpus> {
  return Corpus.read({ corpus: "corpus.jsonl", exclude: [] }, checkContext(folder));
}

/** Every file below a folder by its path, with its bytes; lock files are none of them. */
export async function filesBelow(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"));
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1), (await readFile(path)).toString("base64")] as const;
  });
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
