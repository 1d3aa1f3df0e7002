import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import { createStore } from "../src/index.js";
import { answerOf, blockOf, columnsOf, manifestOf } from "./run-fixture.js";

/** A disk of `size` that goes away with the test; null where none may be mounted. */
function smallDisk(size: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), "unshift-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return null;
  }
}

test("a disk that fills up: told as RUN_NO_SPACE, finished items stay, and work goes on with space", async (t) => {
  const disk = smallDisk("14m");
  if (disk === null) {
    t.log("not shown: no small disk can be mounted here");
    t.is(disk, null);
    return;
  }
  t.teardown(() => execFileSync("umount", ["-l", disk]));
  const store = createStore();
  const folder = join(disk, "run");
  const run = await store.create(folder, manifestOf());
  await run.appendAnswer(answerOf("base", "s0"));
  await run.writePositions(blockOf("a→b", "s0", columnsOf(0, 100)));
  await run.flushPositions();
  const ballast = join(disk, "ballast");
  const fill = await t.throwsAsync(writeFile(ballast, Buffer.alloc(20 << 20)));
  t.truthy(fill, "the disk is full now");

  await run.writePositions(blockOf("a→b", "s1", columnsOf(1, 4000)));
  const part = await t.throwsAsync(run.flushPositions());
  t.true(isUnshiftError(part) && part.code === "RUN_NO_SPACE", part?.message);
  const line = await t.throwsAsync(run.appendAnswer(answerOf("base", "s1", "x".repeat(100_000))));
  t.true(isUnshiftError(line) && line.code === "RUN_NO_SPACE", line?.message);
  t.is((await run.answers()).length, 1);
  t.deepEqual(await run.positionKeys(), new Set(["a→b/s0"]));
  t.is((await readdir(join(folder, "positions"))).length, 1, "no half part is left");

  await rm(ballast);
  await run.appendAnswer(answerOf("base", "s2"));
  await run.flushPositions();
  t.deepEqual(
    (await run.answers()).map(({ sampleId }) => sampleId),
    ["s0", "s2"],
  );
  t.deepEqual(await run.positionKeys(), new Set(["a→b/s0", "a→b/s1"]));
  await run.close();
});

test("a disk that is nearly full is refused before any work", async (t) => {
  const disk = smallDisk("5m");
  if (disk === null) {
    t.log("not shown: no small disk can be mounted here");
    t.is(disk, null);
    return;
  }
  t.teardown(() => execFileSync("umount", ["-l", disk]));
  const error = await t.throwsAsync(createStore().create(join(disk, "run"), manifestOf()));
  t.true(isUnshiftError(error) && error.code === "RUN_NO_SPACE", error?.message);
  t.regex(error?.message ?? "", /MB are free/);
  t.deepEqual(await readdir(join(disk, "run")), []);
});
