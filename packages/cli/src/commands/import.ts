import type { Argv, CommandModule } from "yargs";

export interface ImportArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly files: readonly string[];
  readonly format?: string | undefined;
  readonly questions?: string | undefined;
  readonly generator?: string | undefined;
  readonly model?: string | undefined;
  readonly verdicts?: readonly string[] | undefined;
  readonly output: string;
}

export const importCommand: CommandModule<{ json: boolean; verbose: boolean }, ImportArguments> = {
  command: "import <files..>",
  describe: "turn answers made elsewhere, and verdicts on them, into an experiment that can be run",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("files", { type: "string", array: true, demandOption: true, describe: "files of answers" })
      .option("format", {
        type: "string",
        describe: "aligntds, just-eval, just-eval-result, alpaca-eval, mt-bench or plain (default: told by the rows)",
      })
      .option("questions", {
        type: "string",
        describe: "file of the questions, where the answers do not hold them or hold no tags",
      })
      .option("generator", {
        type: "string",
        describe: "who wrote answers whose file does not say (default: the file's name)",
      })
      .option("model", {
        type: "string",
        describe: "base model the answers are compared under (default: the built-in tiny one, to be replaced)",
      })
      .option("verdicts", {
        type: "string",
        array: true,
        describe:
          "files of verdicts on these answers: just-eval results, AlpacaEval annotations, MT-bench judgements; judging goes on where they end",
      })
      .option("output", {
        type: "string",
        alias: "o",
        demandOption: true,
        describe: "folder to write; it must not exist or be empty",
      }) as unknown as Argv<ImportArguments>,
  handler: async (args) => {
    const { importAction } = await import("../actions/import-action.js");
    await importAction(args);
  },
};
