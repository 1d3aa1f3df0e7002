import type { Argv, CommandModule } from "yargs";
import { tableOptions } from "./table-options.js";

interface AnalyseArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly table?: readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly experiment?: string | undefined;
}

export const analyseCommand: CommandModule<{ json: boolean; verbose: boolean }, AnalyseArguments> = {
  command: "analyse <run>",
  describe: "compute the tables of a run folder anew",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    tableOptions(yargs.positional("run", { type: "string", demandOption: true, describe: "run folder" })).option(
      "experiment",
      {
        type: "string",
        describe: "load the plugins of this experiment",
      },
    ) as unknown as Argv<AnalyseArguments>,
  handler: async (args) => {
    const { analyseAction } = await import("../actions/analyse-action.js");
    await analyseAction(args);
  },
};
