import type { Argv, CommandModule } from "yargs";
import { byteSize } from "../logits/byte-size.js";

export interface LogitsArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly run: string;
  readonly out: string;
  readonly system?: string | undefined;
  readonly under?: string | undefined;
  readonly sample?: readonly string[] | undefined;
  readonly positions: "answer" | "prompt" | "all";
  readonly dtype: "f32" | "f16";
  readonly logProbabilities: boolean;
  readonly shardSize: number;
  readonly dryRun: boolean;
  readonly force: boolean;
}

export const logitsCommand: CommandModule<{ json: boolean; verbose: boolean }, LogitsArguments> = {
  command: "logits <run>",
  describe: "write full-vocabulary rows of logits of a run's answers as .npy files, or continue doing so",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("run", { type: "string", demandOption: true, describe: "run folder, or its experiment file" })
      .option("out", { type: "string", demandOption: true, describe: "folder to write, or to continue" })
      .option("system", {
        type: "string",
        describe: "whose answers (default: those of the first shift)",
      })
      .option("under", {
        type: "string",
        describe: "whose model and prompt: the same system's (default), or a subject's of a shift",
      })
      .option("sample", {
        type: "string",
        array: true,
        nargs: 1,
        describe: "only this sample; may be repeated",
      })
      .option("positions", {
        choices: ["answer", "prompt", "all"] as const,
        default: "answer",
        describe: "rows that predict the tokens of the answers, of the prompts, or of both",
      })
      .option("dtype", { choices: ["f32", "f16"] as const, default: "f32", describe: "how a value is stored" })
      .option("log-probabilities", {
        type: "boolean",
        default: false,
        describe: "log-probabilities (nats) instead of logits",
      })
      .option("shard-size", {
        type: "string",
        default: "256MiB",
        coerce: byteSize("shard-size"),
        describe: "bytes of a file, at most",
      })
      .option("dry-run", { type: "boolean", default: false, describe: "only say how much it would be" })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "begin though the disk seems too small",
      }) as unknown as Argv<LogitsArguments>,
  handler: async (args) => {
    const { logitsAction } = await import("../actions/logits-action.js");
    await logitsAction(args);
  },
};
