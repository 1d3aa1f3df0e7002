import type { Argv } from "yargs";
import { tableFormats } from "../output/tables/table-formats.js";

/** `--table` and `--format` of commands that print tables. */
export function tableOptions<T>(yargs: Argv<T>) {
  return formatOption(yargs).option("table", {
    type: "string",
    array: true,
    nargs: 1,
    describe: "print this table; may be repeated",
  });
}

export function formatOption<T>(yargs: Argv<T>) {
  return yargs.option("format", {
    type: "string",
    choices: tableFormats,
    describe: "how tables are printed (default: text)",
  });
}
