/** Writes docs/reference/benchmarks.md from docs/reference/benchmarks.json: `node bench/scripts/write-page.mjs`. */
import { readFile, writeFile } from "node:fs/promises";
import { benchPage } from "../dist/src/index.js";

const folder = new URL("../../docs/reference/", import.meta.url);
const document = JSON.parse(await readFile(new URL("benchmarks.json", folder), "utf8"));
await writeFile(new URL("benchmarks.md", folder), benchPage(document));
