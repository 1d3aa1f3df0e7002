import type { Argv, CommandModule } from "yargs";

interface PullArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly what: string;
  readonly set?: readonly string[] | undefined;
  readonly offline?: boolean | undefined;
}

export const pullCommand: CommandModule<{ json: boolean; verbose: boolean }, PullArguments> = {
  command: "pull <what>",
  describe: "fetch from the Hugging Face hub what an experiment needs, or one model",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("what", {
        type: "string",
        demandOption: true,
        describe: "experiment file, or hf:OWNER/REPO/FILE.gguf[@REVISION]",
      })
      .option("set", { type: "string", array: true, nargs: 1, describe: "change a value of the experiment" })
      .option("offline", {
        type: "boolean",
        default: false,
        describe: "only tell what the cache holds; fail where something is missing",
      }) as unknown as Argv<PullArguments>,
  handler: async (args) => {
    const { pullAction } = await import("../actions/pull-action.js");
    await pullAction(args);
  },
};
