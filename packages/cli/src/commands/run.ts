import type { Argv, CommandModule } from "yargs";
import type { ExperimentArguments } from "../experiment-plugins.js";
import { experimentOptions, sampleOption } from "./experiment-options.js";
import { wholeNumber } from "./whole-number.js";

interface RunArguments extends ExperimentArguments {
  readonly sample?: readonly string[] | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly failOn?: number | undefined;
}

export const runCommand: CommandModule<{ json: boolean; verbose: boolean }, RunArguments> = {
  command: "run <experiment>",
  describe: "run an experiment, or continue it",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    sampleOption(experimentOptions(yargs)).option("fail-on", {
      type: "string",
      coerce: wholeNumber("fail-on", 1),
      describe: "exit with 1 where at least so many items failed",
    }) as unknown as Argv<RunArguments>,
  handler: async (args) => {
    const { runAction } = await import("../actions/run-action.js");
    await runAction({ ...args, samples: args.sample });
  },
};
