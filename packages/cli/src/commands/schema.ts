import type { Argv, CommandModule } from "yargs";

interface SchemaArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly experiment?: string | undefined;
}

export const schemaCommand: CommandModule<{ json: boolean; verbose: boolean }, SchemaArguments> = {
  command: "schema [experiment]",
  describe: "JSON Schema of the experiment file, for editors",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs.positional("experiment", {
      type: "string",
      describe: "include the plugins of this experiment",
    }) as unknown as Argv<SchemaArguments>,
  handler: async (args) => {
    const { schemaAction } = await import("../actions/schema-action.js");
    await schemaAction(args);
  },
};
