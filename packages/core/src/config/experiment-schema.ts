import type { PluginKind } from "@unshift/contracts";
import { z } from "zod";
import { decodingPresetNames } from "./decoding-presets.js";
import { idPattern } from "./id-pattern.js";

const id = z.string().regex(idPattern);
const count = z.int().min(1);
const tagValue = z.union([z.string(), z.number(), z.boolean()]);
const seed = z.int().min(0).max(0xffff_ffff);

/** `x-unshift-use` is where the editor schema puts in what the loaded plugins offer. */
export const useMarker = "x-unshift-use";
function use<Own extends z.ZodRawShape = Record<never, never>>(kind: PluginKind, description: string, own?: Own) {
  return z
    .object({ use: z.string().min(1).describe("Id of a plugin's contribution.") })
    .extend(own ?? ({} as Own))
    .catchall(z.json())
    .meta({ description, [useMarker]: kind });
}

/** `x-unshift-short` names the key whose value alone may stand for the map. */
export const shortMarker = "x-unshift-short";

const decoding = z
  .strictObject({
    preset: z
      .enum(decodingPresetNames)
      .describe("Values by name; keys beside it win. The name alone is short for this.")
      .optional(),
    maxTokens: count.describe("Most tokens of an answer. Default 256.").optional(),
    temperature: z.number().min(0).describe("0 is greedy. Default 0.").optional(),
    topK: z.int().min(0).describe("Sample among the k likeliest tokens; 0 is off. Default 0.").optional(),
    topP: z
      .number()
      .gt(0)
      .max(1)
      .describe("Sample among the likeliest tokens that hold this share; 1 is off. Default 1.")
      .optional(),
    minP: z
      .number()
      .min(0)
      .max(1)
      .describe("Drop tokens below this share of the likeliest; 0 is off. Default 0.")
      .optional(),
    repetitionPenalty: z
      .number()
      .gt(0)
      .describe("Over prompt and answer, as Hugging Face does it; 1 is off. Default 1.")
      .optional(),
    seed: seed.describe("Seed of sampling. Default 0.").optional(),
  })
  .meta({ description: "How answers are generated.", [shortMarker]: "preset" });

/** `localhost:50052`, `10.0.0.2:50052`, `[::1]:50052`. */
const endpointPattern = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:[\]]+):[1-9][0-9]{0,4}$/;

const model = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe(
      "`builtin:NAME`, `hf:OWNER/REPO/FILE.gguf[@REVISION]`, or the path of a GGUF file relative to the file that writes it.",
    ),
  contextSize: count
    .nullable()
    .describe("Tokens of prompt and answer that fit. Default: what the model was trained for.")
    .optional(),
  gpuLayers: z
    .int()
    .min(0)
    .nullable()
    .describe("Layers kept on devices other than the CPU. Default: the engine's choice.")
    .optional(),
  devices: z
    .array(z.string().min(1))
    .nullable()
    .describe("Devices of this machine, by the names `unshift doctor` shows; [] is the CPU alone. Default: every GPU.")
    .optional(),
  rpc: z
    .array(z.string().regex(endpointPattern))
    .describe("RPC servers, `host:port`, whose devices stand in front of this machine's. Default: none.")
    .optional(),
  tensorSplit: z
    .array(z.number().min(0))
    .min(1)
    .nullable()
    .describe("Shares of the layers, in the order of `rpc` and `devices`. Default: by free memory.")
    .optional(),
  splitMode: z
    .enum(["layer", "row", "none"])
    .nullable()
    .describe("How layers are spread over devices: whole, by rows, or all on the one of `mainGpu`. Default layer.")
    .optional(),
  mainGpu: z
    .int()
    .min(0)
    .nullable()
    .describe("Index of the one device of `splitMode: none`, in the order of `rpc` and `devices`. Default 0.")
    .optional(),
  mmap: z
    .boolean()
    .nullable()
    .describe("Weights are mapped from the file rather than read into memory. Default true.")
    .optional(),
  chunkSize: count.nullable().describe("Tokens of one decode. Default: the engine's choice.").optional(),
  threads: count.nullable().describe("CPU threads. Default: the engine's choice.").optional(),
});

/** Which of these keys belong together is said by `systemProblems`. */
const system = z.strictObject({
  model: z
    .string()
    .min(1)
    .describe("Id of a model. Only a system whose `answers` are all that is known has none.")
    .optional(),
  strategy: use("strategies", "How a sample becomes a prompt: an id, or `use` with the strategy's options.").optional(),
  answers: z
    .string()
    .min(1)
    .nullable()
    .describe(
      "File of answers made elsewhere, relative to the file that writes it. Alone: a system of which only the answers are known. Beside `model` and `strategy`: answers of that model under that strategy. Default: generated here.",
    )
    .optional(),
  decoding: decoding
    .meta({ description: "Laid over the experiment's `decoding`.", [shortMarker]: "preset" })
    .optional(),
});

const shift = z.strictObject({
  answers: z.string().min(1).describe("System whose answers are compared; its model is the reference."),
  subjects: z.array(z.string().min(1)).min(1).describe("Systems under which the same answers are read again."),
});

/**
 * The experiment file after `extends` is merged and short forms are written out. Its types and ranges are the one truth: errors
 * and the editor's JSON Schema are read off it.
 */
export const experimentSchema = z.strictObject({
  name: id.describe("Name of the run. Default: the file's name.").optional(),
  output: z
    .string()
    .min(1)
    .describe("The run folder, relative to the file. Default: `runs/NAME` in the working directory.")
    .optional(),
  plugins: z
    .array(z.string().min(1))
    .describe(
      "Plugins beside the built-in ones: an npm package found from this file's folder, or a file (`./`, `../`, `/`).",
    )
    .optional(),
  models: z.record(id, model.describe("A model: the path of its file, or a map.")).describe("Models by id."),
  dataset: use("datasets", "Where samples come from: an id, or `use` with the dataset's options.", {
    limit: count.nullable().describe("Keep the first n, after sampling. Default: all.").optional(),
    seed: seed
      .nullable()
      .describe("Which samples `limit` keeps: drawn with this seed. Default: the first ones.")
      .optional(),
    ids: z
      .array(z.union([z.string().min(1), z.int()]))
      .min(1)
      .nullable()
      .describe("Only these samples, in this order.")
      .optional(),
    where: z
      .record(z.string().min(1), z.union([tagValue, z.array(tagValue).min(1)]))
      .nullable()
      .describe("Only samples with these tags: tag → value, or a list of values of which one is enough.")
      .optional(),
  }),
  decoding: decoding.optional(),
  systems: z.record(id, system.describe("A model with a strategy: one thing that answers.")).describe("Systems by id."),
  shifts: z
    .array(shift.describe("One system's answers compared, position by position."))
    .describe("Which answers are compared under which systems.")
    .optional(),
  judges: z
    .array(
      use("judges", "Who scores answers: an id, or `use` with the judge's options.", {
        id: id.describe("Name in tables. Default: the value of `use`.").optional(),
        engine: z.string().min(1).describe("Id of the judge engine that answers its requests.").optional(),
        pairs: z
          .array(z.tuple([z.string().min(1), z.string().min(1)]))
          .min(1)
          .describe("Pairs of systems that a judge of pairs compares. Default: every two.")
          .optional(),
        repeat: count.max(100).describe("How often every item is judged. Default 1.").optional(),
        maxUnparsed: count
          .describe("Replies in a row that cannot be read for the same reason before judging stops. Default 10.")
          .optional(),
        maxFailed: count
          .describe("Items in a row whose requests fail in the same way before judging stops. Default 10.")
          .optional(),
      }),
    )
    .describe("Who scores answers.")
    .optional(),
  judgeEngines: z
    .record(
      id,
      use("judgeEngines", "What answers the requests of judges: `use` with the engine's options.", {
        budget: z
          .strictObject({
            tokens: count.describe("Tokens read and written.").optional(),
            money: z.number().gt(0).describe("In the currency of the prices.").optional(),
          })
          .describe("Most that all sittings of the run may spend; judging stops there and can be continued.")
          .optional(),
        prices: z
          .strictObject({
            prompt: z.number().min(0).describe("A million tokens read."),
            reply: z.number().min(0).describe("A million tokens written."),
            batch: z
              .number()
              .min(0)
              .max(1)
              .describe("What of it is paid for a request of a batch. Default 0.5: half the price.")
              .optional(),
          })
          .describe("Price of a million tokens read and written.")
          .optional(),
      }),
    )
    .describe("Judge engines by id.")
    .optional(),
  analyses: z
    .array(use("analyses", "An analysis: an id, or `use` with its options."))
    .describe("Analyses beside the built-in tables.")
    .optional(),
  report: z
    .strictObject({
      formats: z.array(z.string().min(1)).describe("Ids of reporters. Default [html]; [] writes none.").optional(),
    })
    .describe("How the run is drawn.")
    .optional(),
  engine: use("engines", "What computes: an id, or `use` with the engine's options. Default llama.").optional(),
  numerics: z
    .enum(["strict", "fast"])
    .describe(
      "strict: an item's numbers do not depend on its neighbours. fast: flash attention and half-precision memory. Default strict.",
    )
    .optional(),
  residency: z
    .strictObject({
      mode: z
        .enum(["auto", "together", "sequential"])
        .describe(
          "together: both models of a shift are in memory. sequential: one at a time, the reference's logits wait on disk. auto: sequential where together does not fit. Default auto.",
        )
        .optional(),
      diskGb: z
        .number()
        .gt(0)
        .describe("Most disk space, in 10^9 bytes, that waiting logits take. Default 16, at most half of what is free.")
        .optional(),
      rows: z
        .enum(["f32", "f16"])
        .describe("Precision of waiting logits: f32 keeps every bit, f16 takes half the space and rounds. Default f32.")
        .optional(),
    })
    .meta({ description: "Which models are in memory at the same time.", [shortMarker]: "mode" })
    .optional(),
  memoryCheck: z
    .enum(["refuse", "note"])
    .describe(
      "What happens where models will not fit into memory: the run is refused, or noted and tried. Default refuse.",
    )
    .optional(),
  topK: count.max(1000).describe("Length of the stored lists of likeliest tokens. Default 10.").optional(),
  maxFailures: z
    .int()
    .min(0)
    .nullable()
    .describe("The run stops once more items of a stage have failed. Default: it goes on whatever fails.")
    .optional(),
  parallel: count.max(256).describe("Answers generated at the same time. Default 4.").optional(),
  seed: seed.describe("Seed of bootstrap and permutation tests. Default 7.").optional(),
});

export type ExperimentInput = z.output<typeof experimentSchema>;

const axisNames = z.array(z.string().min(1)).min(1);

/** One block of a matrix, its axes by name: lists and single values are written out before. */
const matrixBlock = z.strictObject({
  model: axisNames.describe("Ids of models: one, or a list. A model with checkpoints stands for all of them."),
  strategy: z
    .record(id, use("strategies", "A strategy: an id, or `use` with its options."))
    .describe(
      "Strategies by the name they have in ids of systems. A list of ids, or one, where the ids are the names.",
    ),
  decoding: z
    .record(id, decoding)
    .describe(
      "Decodings by the name they have in ids of systems. A list of presets, or one, where these are the names.",
    )
    .optional(),
  exclude: z
    .array(
      z
        .strictObject({
          model: axisNames.describe("Models of the cells left out: one, or a list.").optional(),
          strategy: axisNames.describe("Names of strategies of the cells left out: one, or a list.").optional(),
          decoding: axisNames.describe("Names of decodings of the cells left out: one, or a list.").optional(),
        })
        .describe("Cells that fit every axis named here."),
    )
    .describe("Cells that are left out.")
    .optional(),
});

const matrixMeaning = "Systems made of every combination of the axes: one block, or a list of them.";
const checkpointName = z.union([id, z.int().min(0)]);

const writtenModel = model.extend({
  path: model.shape.path.optional(),
  checkpoints: z
    .union([z.array(checkpointName).min(1), z.record(id, z.string().min(1))])
    .describe(
      "Files of one model that share its settings: names put for `{checkpoint}` in `path`, or a map from name to path. Each is a model `MODEL.NAME`.",
    )
    .optional(),
});

const written = {
  ...experimentSchema.shape,
  models: z.record(id, writtenModel.describe("A model: the path of its file, or a map.")).describe("Models by id."),
  systems: experimentSchema.shape.systems.optional(),
};

/** The file as written: with checkpoints and a matrix, which is one block or a list of them. */
export const writtenSchemas = {
  block: z.strictObject({ ...written, matrix: matrixBlock.describe(matrixMeaning).optional() }),
  blocks: z.strictObject({
    ...written,
    matrix: z.array(matrixBlock.describe("A block of the matrix.")).describe(matrixMeaning).optional(),
  }),
} as const;
