import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";

const run = promisify(execFile);

test("the README's table of methods is what the committed experiment gives", async (t) => {
  t.timeout(600_000);
  const folder = await mkdtemp(join(tmpdir(), "unshift-methods-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const env = { ...process.env, UNSHIFT_CACHE: join(folder, "cache") };
  await t.notThrowsAsync(
    run(process.execPath, ["scripts/methods-table.mjs", "--check", "--output", join(folder, "run")], { env }),
  );
});
