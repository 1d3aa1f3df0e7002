import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { readExperiment } from "./experiment-plugins.js";

/** The run folder a person named. An experiment file in its place is told from one, with the folder its runs go to. */
export async function runFolder(written: string): Promise<string> {
  const path = resolve(written);
  const file = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!file || ![".yaml", ".yml"].includes(extname(path).toLowerCase())) return path;
  const output = await readExperiment({ experiment: path }).then(
    (loaded) => loaded.experiment.output,
    () => null,
  );
  throw new UnshiftError("RUN_NOT_FOUND", `${written} is an experiment file; a run folder is wanted`, {
    where: { file: path },
    hint: output === null ? "`unshift run` makes one, runs/NAME." : `Its run folder is ${output}.`,
  });
}
