import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { usageError } from "../output/failure.js";
import { print, printJson } from "../output/print.js";
import { shellWord } from "../output/shell-word.js";
import { starterExperiment } from "../starter-experiment.js";

/** Writes an experiment that runs as it is. A file that is there is never replaced. */
export async function initAction(args: { readonly file: string; readonly json: boolean }): Promise<void> {
  const file = resolve(args.file);
  if (![".yaml", ".yml"].includes(extname(file).toLowerCase())) {
    throw usageError(`an experiment is a YAML file: ${JSON.stringify(args.file)} does not end in .yaml`);
  }
  const name = basename(file, extname(file));
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, starterExperiment(name), { flag: "wx" });
  } catch (cause) {
    const there = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (!there) throw cause;
    throw new UnshiftError("USAGE", `${args.file} is there already; nothing was written`, {
      where: { file },
      hint: "Name another file: `unshift init my-experiment.yaml`.",
      cause,
    });
  }
  const shown = shellWord(relative(process.cwd(), file));
  const next = [`npx unshift plan ${shown}`, `npx unshift run ${shown}`];
  if (args.json) {
    printJson({ file, next });
    return;
  }
  print(`${shown} written. Next:`);
  for (const command of next) print(`  ${command}`);
}
