#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// A reader that has seen enough (`| head -1`) closes the pipe: that ends the output, not the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const main = new URL("../dist/src/main.js", import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await (await import(main.href)).main(process.argv.slice(2));
} else {
  process.stderr.write("unshift is not built yet. In the repository, run: npm run setup\n");
  process.exitCode = 3;
}
