import type { Argv, CommandModule } from "yargs";
import type { ExperimentArguments } from "../experiment-plugins.js";
import { experimentOptions } from "./experiment-options.js";

interface JudgeArguments extends ExperimentArguments {
  readonly reparse: boolean;
  readonly again?: "unparsed" | "all" | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}

export const judgeCommand: CommandModule<{ json: boolean; verbose: boolean }, JudgeArguments> = {
  command: "judge <experiment>",
  describe: "judge the answers of a run again, with the experiment's judges as they are now",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    experimentOptions(yargs)
      .option("reparse", {
        type: "boolean",
        default: false,
        describe: "read the kept replies again and ask nobody",
      })
      .option("again", {
        choices: ["unparsed", "all"] as const,
        conflicts: "reparse",
        describe: "ask, and pay, again for verdicts whose reply could not be read, or for all; old replies are kept",
      }) as unknown as Argv<JudgeArguments>,
  handler: async (args) => {
    const { judgeAction } = await import("../actions/judge-action.js");
    await judgeAction(args);
  },
};
