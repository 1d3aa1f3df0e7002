import type { Argv, CommandModule } from "yargs";
import { usageError } from "../output/failure.js";

export interface AnnotateArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly mode: "pairwise" | "rubric";
  readonly systems?: string | undefined;
  readonly aspects?: string | undefined;
  readonly rater?: string | undefined;
  readonly seed: number;
  readonly port: number;
  readonly reveal: boolean;
}

export const annotateCommand: CommandModule<{ json: boolean; verbose: boolean }, AnnotateArguments> = {
  command: "annotate <run>",
  describe: "people rate the answers of a run folder, blind, in a local page",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder" })
      .option("mode", {
        choices: ["pairwise", "rubric"] as const,
        default: "pairwise" as const,
        describe: "which of two answers is better, or scores of each answer",
      })
      .option("systems", { type: "string", describe: "rate these only: a,b,… (default: all)" })
      .option("aspects", {
        type: "string",
        describe: "id:min:max,… of a rubric, id,… of pairs (default: just-eval's five; overall)",
      })
      .option("rater", { type: "string", describe: "name the page offers" })
      .option("seed", { type: "number", default: 0, describe: "of the order in which answers are shown" })
      .option("port", { type: "number", default: 0, describe: "port on 127.0.0.1; 0: any that is free" })
      .option("reveal", {
        type: "boolean",
        default: false,
        describe: "tell raters at the end which system was which; it ends their judging",
      })
      .check(({ seed, port }) => {
        if (!Number.isSafeInteger(seed)) throw usageError("--seed takes a whole number");
        if (!Number.isInteger(port) || port < 0 || port > 65535)
          throw usageError("--port takes a number from 0 to 65535");
        return true;
      }) as unknown as Argv<AnnotateArguments>,
  handler: async (args) => {
    const { annotateAction } = await import("../actions/annotate-action.js");
    await annotateAction(args);
  },
};
