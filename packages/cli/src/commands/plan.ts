import type { Argv, CommandModule } from "yargs";
import { experimentOptions, sampleOption } from "./experiment-options.js";

interface PlanArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly experiment: string;
  readonly set?: readonly string[] | undefined;
  readonly sample?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly output?: string | undefined;
  readonly offline?: boolean | undefined;
}

export const planCommand: CommandModule<{ json: boolean; verbose: boolean }, PlanArguments> = {
  command: "plan <experiment>",
  describe: "what a run would do: items, tokens, memory, first prompt; writes nothing",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    sampleOption(experimentOptions(yargs)) as unknown as Argv<PlanArguments>,
  handler: async (args) => {
    const { planAction } = await import("../actions/plan-action.js");
    await planAction({ ...args, samples: args.sample });
  },
};
