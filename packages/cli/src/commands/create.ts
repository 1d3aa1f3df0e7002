import type { Argv, CommandModule } from "yargs";
import { type TemplateKind, templateKinds } from "../create/plugin-names.js";

interface CreateArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly name: string;
  readonly kind: TemplateKind;
  readonly output?: string | undefined;
  readonly language: "ts";
}

export const createCommand: CommandModule<{ json: boolean; verbose: boolean }, CreateArguments> = {
  command: "create <what> <name>",
  describe: "a new plugin package, with its test and an experiment that runs",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("what", { choices: ["plugin"] as const, demandOption: true, describe: "what to create" })
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "acme/my-method, or an npm name: unshift-plugin-acme, @acme/unshift-my-method",
      })
      .option("kind", { choices: templateKinds, demandOption: true, describe: "what the plugin offers" })
      .option("output", { type: "string", describe: "folder to write (default: the package's name)" })
      .option("language", {
        choices: ["ts"] as const,
        default: "ts",
        describe: "language of the sources",
      }) as unknown as Argv<CreateArguments>,
  handler: async (args) => {
    const { createAction } = await import("../actions/create-action.js");
    await createAction(args);
  },
};
