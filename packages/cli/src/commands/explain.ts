import type { Argv, CommandModule } from "yargs";

interface ExplainArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly id: string;
  readonly experiment?: string | undefined;
  readonly model?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

export const explainCommand: CommandModule<{ json: boolean; verbose: boolean }, ExplainArguments> = {
  command: "explain <id>",
  describe: "what one of them does, and its options",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("id", { type: "string", demandOption: true, describe: "id of a strategy, dataset, judge …" })
      .option("experiment", {
        type: "string",
        describe: "also look into the plugins of this experiment",
      })
      .option("model", {
        type: "string",
        describe: "of a strategy: count its prompt's tokens with this GGUF file (default builtin:tiny-aligned)",
      })
      .option("set", {
        type: "string",
        array: true,
        nargs: 1,
        describe: "of a strategy: build the prompt with this option: --set prompt=./inst_1k.txt",
      }) as unknown as Argv<ExplainArguments>,
  handler: async (args) => {
    const { explainAction } = await import("../actions/explain-action.js");
    await explainAction(args);
  },
};
