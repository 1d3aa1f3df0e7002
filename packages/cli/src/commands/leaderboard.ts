import type { Argv, CommandModule } from "yargs";
import { runsOptions } from "./compare.js";
import { formatOption } from "./table-options.js";

export interface LeaderboardArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly runs: readonly string[];
  readonly anyway: boolean;
  readonly judge?: readonly string[] | undefined;
  readonly by?: string | undefined;
  readonly format?: string | undefined;
}

export const leaderboardCommand: CommandModule<{ json: boolean; verbose: boolean }, LeaderboardArguments> = {
  command: "leaderboard <runs..>",
  describe: "rank the systems of runs by a judge's scores",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    formatOption(runsOptions(yargs)).option("by", {
      type: "string",
      describe: "aspect to rank by (default: the average over the judge's aspects)",
    }) as unknown as Argv<LeaderboardArguments>,
  handler: async (args) => {
    const { leaderboardAction } = await import("../actions/leaderboard-action.js");
    await leaderboardAction(args);
  },
};
