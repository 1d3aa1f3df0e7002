import type { Argv, CommandModule } from "yargs";

interface ReportArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly experiment?: string | undefined;
  readonly format?: readonly string[] | undefined;
}

export const reportCommand: CommandModule<{ json: boolean; verbose: boolean }, ReportArguments> = {
  command: "report <run>",
  describe: "draw the report of a run folder anew",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder" })
      .option("format", { type: "string", array: true, describe: "formats instead of the experiment's own" })
      .option("experiment", {
        type: "string",
        describe: "load the plugins of this experiment",
      }) as unknown as Argv<ReportArguments>,
  handler: async (args) => {
    const { reportAction } = await import("../actions/report-action.js");
    await reportAction(args);
  },
};
