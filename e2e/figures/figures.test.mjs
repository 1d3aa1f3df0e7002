import { spawnSync } from "node:child_process";
import test from "ava";
import { root } from "../unshift.mjs";

test("the embedded pair shows what its model card says: every target is met", (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/figures.mjs"], {
    cwd: root,
    encoding: "utf8",
  });
  t.log(`\n${stdout}`);
  t.is(status, 0, stderr);
  t.is(stdout.match(/\| met \|/g)?.length, 11);
});
