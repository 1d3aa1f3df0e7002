import type { Argv, CommandModule } from "yargs";
import { wholeNumber } from "./whole-number.js";

export interface ShowArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly sample?: string | undefined;
  readonly shift?: string | undefined;
  readonly position?: number | undefined;
  readonly top: number;
  readonly sort: "dataset" | "shifted" | "kl";
  readonly limit?: number | undefined;
}

export const showCommand: CommandModule<{ json: boolean; verbose: boolean }, ShowArguments> = {
  command: "show <run>",
  describe: "list the samples of a run, or print one: its answers coloured by class, its verdicts",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder" })
      .option("sample", { type: "string", requiresArg: true, describe: "sample id: print this one" })
      .option("shift", {
        type: "string",
        requiresArg: true,
        describe: "only this shift: its id (answers→subject, or answers->subject) or its subject",
      })
      .option("position", {
        type: "string",
        requiresArg: true,
        coerce: wholeNumber("position", 0),
        describe: "with --sample: what both models thought of at this place of the answer, from 0",
      })
      .option("top", {
        type: "string",
        default: "5",
        requiresArg: true,
        coerce: wholeNumber("top", 1),
        describe: "with --position: tokens shown of each model",
      })
      .option("sort", {
        type: "string",
        choices: ["dataset", "shifted", "kl"] as const,
        default: "dataset" as const,
        describe: "order of the list: the dataset's, most shifted first, largest mean KL first",
      })
      .option("limit", {
        type: "string",
        requiresArg: true,
        coerce: wholeNumber("limit", 1),
        describe: "list no more than this many samples",
      }) as unknown as Argv<ShowArguments>,
  handler: async (args) => {
    const { showAction } = await import("../actions/show-action.js");
    await showAction(args);
  },
};
