#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/src/main.js", import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await (await import(main.href)).main(process.argv.slice(2));
} else {
  process.stderr.write("unshift is not built yet. In the repository, run: npm run setup\n");
  process.exitCode = 3;
}
