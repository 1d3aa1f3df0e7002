import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import { createStore } from "../src/index.js";
import { answerOf, freshFolder, manifestOf } from "./run-fixture.js";

const store = createStore();
const program = fileURLToPath(new URL("writer-process.js", import.meta.url));

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  const [code, signal] = await once(child, "close");
  return { code, signal };
}

async function content(folder: string): Promise<unknown> {
  const run = await store.open(folder, { readOnly: true });
  const columns = await run.shiftColumns("a→b", await run.positionKeys());
  const answers = (await run.answers()).sort((a, b) => (a.sampleId < b.sampleId ? -1 : 1));
  await run.close();
  return { answers, columns };
}

test("a run killed again and again ends with what an undisturbed one holds", async (t) => {
  const whole = await freshFolder(t);
  const killed = await freshFolder(t);
  t.deepEqual(await ended(start(whole, "23")), { code: 0, signal: null });
  for (const dieAfter of ["3", "7", "12", "22"]) {
    t.deepEqual(await ended(start(killed, "23", dieAfter)), { code: null, signal: "SIGKILL" });
    t.true((await readdir(killed)).includes(".lock"), "the killed process left its lock");
  }
  t.deepEqual(await ended(start(killed, "23")), { code: 0, signal: null });
  t.deepEqual(await content(killed), await content(whole));
  t.false((await readdir(killed)).includes(".lock"));
  t.deepEqual(
    (await readdir(join(killed, "positions"))).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("two writers: the second is told who works there; readers are not disturbed", async (t) => {
  const folder = await freshFolder(t);
  const child = start(folder, "5", "hold");
  if (child.stdout !== null) await once(child.stdout, "data");
  for (const work of [() => store.create(folder, manifestOf()), () => store.open(folder)]) {
    const error = await t.throwsAsync(work());
    t.true(isUnshiftError(error) && error.code === "RUN_LOCKED", error?.message);
    t.true(error?.message.includes(`Process ${child.pid} on ${hostname()}`), error?.message);
  }
  await (await store.open(folder, { readOnly: true })).close();
  child.stdin?.end();
  t.deepEqual(await ended(child), { code: 0, signal: null });
  const run = await store.open(folder);
  t.is((await run.positionKeys()).size, 5);
  await run.close();
});

test("one process cannot write a folder twice, and may again after closing", async (t) => {
  const folder = await freshFolder(t);
  const run = await store.create(folder, manifestOf());
  t.true(isUnshiftError(await t.throwsAsync(store.create(folder, manifestOf()))));
  await run.appendAnswer(answerOf("base", "s1"));
  await run.close();
  await run.close();
  const next = await store.create(folder, manifestOf());
  t.is((await next.answers()).length, 1);
  await next.close();
});

test("a lock of another host or of no known form is respected; a dead or recycled pid's is not", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  const lock = join(folder, ".lock");
  const child = start(await freshFolder(t), "0");
  await ended(child);
  const dead = { pid: child.pid, host: hostname(), started: "1", nonce: "x" };
  for (const text of [JSON.stringify({ ...dead, host: "elsewhere" }), "???"]) {
    await writeFile(lock, text);
    const error = await t.throwsAsync(store.open(folder));
    t.true(isUnshiftError(error) && error.code === "RUN_LOCKED" && error.hint?.includes(lock));
    t.is(await readFile(lock, "utf8"), text);
  }
  const stale = [dead, ...(process.platform === "linux" ? [{ ...dead, pid: process.pid }] : [])];
  for (const holder of stale) {
    await writeFile(lock, JSON.stringify(holder));
    const run = await store.open(folder);
    t.regex(await readFile(lock, "utf8"), new RegExp(`"pid":${process.pid},`));
    await run.close();
  }
});

test("of many that start at once over a dead process's lock, exactly one works", async (t) => {
  const folder = await freshFolder(t);
  await (await store.create(folder, manifestOf())).close();
  for (let round = 0; round < 20; round += 1) {
    await writeFile(
      join(folder, ".lock"),
      JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: null, nonce: "" }),
    );
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => store.open(folder)));
    const open = tries.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    t.is(open.length, 1);
    for (const attempt of tries) if (attempt.status === "rejected") t.is(attempt.reason.code, "RUN_LOCKED");
    await Promise.all(open.map((run) => run.close()));
  }
});
