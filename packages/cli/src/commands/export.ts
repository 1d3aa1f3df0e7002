import type { Argv, CommandModule } from "yargs";

interface ExportArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly what: string;
  readonly format?: string | undefined;
  readonly out: string;
  readonly force: boolean;
}

export const exportCommand: CommandModule<{ json: boolean; verbose: boolean }, ExportArguments> = {
  command: "export <run>",
  describe: "write a part of a run folder as one file",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder" })
      .option("what", {
        type: "string",
        default: "positions",
        describe: "positions, answers, verdicts, comparisons, samples or tables",
      })
      .option("format", { type: "string", describe: "parquet, csv, jsonl or json (default: what --out ends in)" })
      .option("out", { type: "string", demandOption: true, describe: "file to write (tables: a folder)" })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "replace what is there",
      }) as unknown as Argv<ExportArguments>,
  handler: async (args) => {
    const { exportAction } = await import("../actions/export-action.js");
    await exportAction(args);
  },
};
