import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

test("missing build tools are named with the command that installs them, for each system", (t) => {
  const empty = mkdtempSync(join(tmpdir(), "unshift-path-"));
  t.teardown(() => rmSync(empty, { recursive: true, force: true }));
  const { status, stderr, stdout } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: empty, HOME: empty },
  });
  t.is(status, 1);
  t.is(stdout, "");
  for (const word of [
    /git/,
    /cmake/i,
    /C\+\+/,
    /Debian/,
    /Fedora/,
    /macOS/,
    /Windows/,
    /apt/,
    /dnf/,
    /brew|xcode-select/,
    /winget/,
  ]) {
    t.regex(stderr, word);
  }
  t.notRegex(stderr, /at .*\.mjs:\d+/, "no stack");
});
