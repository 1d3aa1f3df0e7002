// `npm run quickstart`: set up, then the whole way once on the embedded models.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
try {
  await setup();
  const { status, signal } = spawnSync(
    process.execPath,
    [
      join(root, "packages/cli/bin/unshift.mjs"),
      "run",
      "examples/quickstart/experiment.yaml",
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: "inherit" },
  );
  process.exitCode = status ?? (signal === "SIGINT" ? 130 : 1);
} catch (error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
