import type { Argv, CommandModule } from "yargs";

export interface ExportArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly what?: string | undefined;
  readonly format?: string | undefined;
  readonly system?: string | undefined;
  readonly generator?: string | undefined;
  readonly judge?: string | undefined;
  readonly out: string;
  readonly force: boolean;
}

export const exportCommand: CommandModule<{ json: boolean; verbose: boolean }, ExportArguments> = {
  command: "export <run>",
  describe: "write a part of a run folder for other tools",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder" })
      .option("what", {
        type: "string",
        describe: "positions (default), answers, verdicts, comparisons, samples or tables",
      })
      .option("format", {
        type: "string",
        describe:
          "parquet, csv, jsonl or json (default: what --out ends in); of answers also just-eval, alpaca-eval or mt-bench, of verdicts these and mt-bench-pair, of tables markdown or latex",
      })
      .option("system", {
        type: "string",
        describe: "just-eval, alpaca-eval, mt-bench(-pair): this system only, into the file --out",
      })
      .option("generator", {
        type: "string",
        describe: "with --system: who answered, as the file shall say (default: the system's id)",
      })
      .option("judge", {
        type: "string",
        describe: "just-eval, alpaca-eval, mt-bench(-pair) of verdicts: whose (default: the run's only judge)",
      })
      .option("out", {
        type: "string",
        demandOption: true,
        describe: "file to write; a folder for tables, and for just-eval, alpaca-eval and mt-bench without --system",
      })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "replace the file that is there",
      }) as unknown as Argv<ExportArguments>,
  handler: async (args) => {
    const { exportAction } = await import("../actions/export-action.js");
    await exportAction(args);
  },
};
