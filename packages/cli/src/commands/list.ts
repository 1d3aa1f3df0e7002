import type { Argv, CommandModule } from "yargs";

interface ListArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly experiment?: string | undefined;
  readonly samples: boolean;
}

export const listCommand: CommandModule<{ json: boolean; verbose: boolean }, ListArguments> = {
  command: "list [experiment]",
  describe: "strategies, datasets, judges, analyses, engines, reporters and who brings them",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("experiment", { type: "string", describe: "also list the plugins of this experiment" })
      .option("samples", {
        type: "boolean",
        default: false,
        describe: "list the samples of the experiment's dataset in place of them: id, tags, question",
      }) as unknown as Argv<ListArguments>,
  handler: async (args) => {
    const { listAction } = await import("../actions/list-action.js");
    await listAction(args);
  },
};
