import { writeFile } from "node:fs/promises";
import { createHtmlReporter } from "../../src/index.js";
import { analysed } from "./analysed.js";
import { judgedRun } from "./judged.js";
import { recordedRun } from "./recorded.js";
import { syntheticRun } from "./run.js";

/** Writes a synthetic run's report, to look at: `node dist/test/synthetic/write-example.js report.html [recorded|judged]`. */
const [target = "report.html", kind] = process.argv.slice(2);
const run = kind === "recorded" ? recordedRun() : kind === "judged" ? judgedRun() : syntheticRun();
const [file] = await createHtmlReporter().render(await analysed(run));
if (file !== undefined) await writeFile(target, file.content);
