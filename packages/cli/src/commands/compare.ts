import type { Argv, CommandModule } from "yargs";
import { tableOptions } from "./table-options.js";

export interface CompareArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly runs: readonly string[];
  readonly anyway: boolean;
  readonly judge?: readonly string[] | undefined;
  readonly table?: readonly string[] | undefined;
  readonly format?: string | undefined;
}

export const compareCommand: CommandModule<{ json: boolean; verbose: boolean }, CompareArguments> = {
  command: "compare <runs..>",
  describe: "put the systems of several runs side by side, paired where the samples are the same",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    tableOptions(runsOptions(yargs)) as unknown as Argv<CompareArguments>,
  handler: async (args) => {
    const { compareAction } = await import("../actions/compare-action.js");
    await compareAction(args);
  },
};

/** `<runs..>` and which of their judges count. */
export function runsOptions<T>(yargs: Argv<T>) {
  return yargs
    .positional("runs", { type: "string", array: true, demandOption: true, describe: "run folders" })
    .option("judge", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "only this judge, whatever others differ in; may be repeated",
    })
    .option("anyway", {
      type: "boolean",
      default: false,
      describe: "go on where runs are not comparable; every table says so",
    });
}
