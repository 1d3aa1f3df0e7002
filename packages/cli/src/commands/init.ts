import type { Argv, CommandModule } from "yargs";

interface InitArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly file: string;
}

export const initCommand: CommandModule<{ json: boolean; verbose: boolean }, InitArguments> = {
  command: "init [file]",
  describe: "write an experiment to start from; it runs on the embedded models",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs.positional("file", {
      type: "string",
      default: "experiment.yaml",
      describe: "file to write; one that is there stays as it is",
    }) as unknown as Argv<InitArguments>,
  handler: async (args) => {
    const { initAction } = await import("../actions/init-action.js");
    await initAction(args);
  },
};
