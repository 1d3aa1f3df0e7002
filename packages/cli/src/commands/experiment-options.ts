import type { Argv } from "yargs";
import { wholeNumber } from "./whole-number.js";

/** `<experiment>` and the options that change it. */
export function experimentOptions<T>(yargs: Argv<T>) {
  return yargs
    .positional("experiment", { type: "string", demandOption: true, describe: "experiment file (YAML)" })
    .option("set", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "change a value: --set systems.urial.decoding.temperature=0.5",
    })
    .option("limit", {
      type: "string",
      coerce: wholeNumber("limit", 1),
      describe: "only so many samples, a whole number",
    })
    .option("output", { type: "string", describe: "run folder" })
    .option("offline", {
      type: "boolean",
      default: false,
      describe: "of the Hugging Face hub, only what the cache holds",
    });
}

/** `--sample` of commands that work on many: repeatable. */
export function sampleOption<T>(yargs: Argv<T>) {
  return yargs.option("sample", {
    type: "string",
    array: true,
    nargs: 1,
    describe: "only this sample, in place of the file's ids and limit; may be repeated",
  });
}
