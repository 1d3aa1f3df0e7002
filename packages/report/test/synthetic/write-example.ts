import { writeFile } from "node:fs/promises";
import { createHtmlReporter } from "../../src/index.js";
import { analysed } from "./analysed.js";
import { syntheticRun } from "./run.js";

/** Writes the synthetic run's report, to look at: `node dist/test/synthetic/write-example.js report.html`. */
const [target = "report.html"] = process.argv.slice(2);
const [file] = await createHtmlReporter().render(await analysed(syntheticRun()));
if (file !== undefined) await writeFile(target, file.content);
