import type { Argv, CommandModule } from "yargs";
import { wholeNumber } from "./whole-number.js";

export interface BenchArguments {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly measures: readonly string[];
  readonly rounds: number | undefined;
  readonly threads: number | undefined;
  readonly model: string | undefined;
  readonly twin: string | undefined;
  readonly gpuLayers: number | undefined;
  readonly out: string | undefined;
  readonly list: boolean;
  readonly quick: boolean;
}

export const benchCommand: CommandModule<{ json: boolean; verbose: boolean }, BenchArguments> = {
  command: "bench [measures..]",
  describe: "measure the compute core beside llama.cpp's programs and node-llama-cpp",
  builder: (yargs: Argv<{ json: boolean; verbose: boolean }>) =>
    yargs
      .positional("measures", { type: "string", array: true, default: [], describe: "P2 P4 …; default: all" })
      .option("rounds", {
        type: "string",
        coerce: wholeNumber("rounds", 1),
        describe: "rounds in which all sides take turns (default 5; with --quick 1)",
      })
      .option("threads", {
        type: "string",
        coerce: wholeNumber("threads", 1),
        describe: "threads of every side (default: physical cores)",
      })
      .option("model", { type: "string", describe: "GGUF to measure with, in place of the one the benchmark writes" })
      .option("twin", { type: "string", describe: "GGUF with the same vocabulary to compare it with" })
      .option("gpu-layers", {
        type: "string",
        coerce: wholeNumber("gpu-layers", 0),
        describe: "layers on the GPU, every side (default: all where the addon was built for one)",
      })
      .option("out", { type: "string", describe: "also write everything as JSON into this file, after every measure" })
      .option("list", { type: "boolean", default: false, describe: "list the measures with their targets" })
      .option("quick", {
        type: "boolean",
        default: false,
        describe: "see that it works, in seconds: a tiny model, one round, nothing judged",
      }) as unknown as Argv<BenchArguments>,
  handler: async (args) => {
    const { benchAction } = await import("../actions/bench-action.js");
    await benchAction(args);
  },
};
