import type { Argv, CommandModule } from "yargs";
import { experimentOptions } from "./experiment-options.js";

interface RenderArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly experiment: string;
  readonly set?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly output?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly system?: string | undefined;
  readonly sample?: string | undefined;
}

export const renderCommand: CommandModule<{ json: boolean; verbose: boolean }, RenderArguments> = {
  command: "render <experiment>",
  describe: "the exact prompt of a system for a sample: text, ids, special tokens",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    experimentOptions(yargs)
      .option("system", { type: "string", describe: "system id (default: the first)" })
      .option("sample", {
        type: "string",
        describe: "sample id (default: the first)",
      }) as unknown as Argv<RenderArguments>,
  handler: async (args) => {
    const { renderAction } = await import("../actions/render-action.js");
    await renderAction(args);
  },
};
