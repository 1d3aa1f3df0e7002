import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { packageTarball } from "../src/create/tarball.js";

const long = `dist/${"folder/".repeat(16)}index.js`;
const entries = [
  { name: "package.json", content: Buffer.from('{ "name": "x" }\n') },
  { name: "dist/empty.js", content: Buffer.alloc(0) },
  { name: "dist/block.js", content: Buffer.alloc(512, "a") },
  { name: long, content: Buffer.from("日本 🙂") },
];

test("tar reads every file back, with names of more than a hundred bytes", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unshift-tar-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "x.tgz"), packageTarball(entries));
  const { status, stderr } = spawnSync("tar", ["-xzf", "x.tgz"], { cwd: folder, encoding: "utf8" });
  t.is(status, 0, stderr);
  t.is(stderr, "");
  for (const { name, content } of entries) t.deepEqual(await readFile(join(folder, "package", name)), content);
});

test("the same files give the same bytes", (t) => {
  t.deepEqual(packageTarball(entries), packageTarball(entries));
});

test("a name no archive can hold is refused", (t) => {
  t.throws(() => packageTarball([{ name: "x".repeat(300), content: Buffer.alloc(0) }]), { instanceOf: RangeError });
});
