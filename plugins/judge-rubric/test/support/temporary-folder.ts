import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** Files of a test in a folder of its own. */
export async function temporaryFolder(
  t: ExecutionContext,
  contents: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-judge-rubric-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  return folder;
}
