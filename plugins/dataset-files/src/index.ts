import { contribution, type Dataset, definePlugin, type JsonSchema } from "@unshift/contracts";
import { type Format, formats, openFiles } from "./data-files.js";
import type { FieldOptions } from "./fields.js";
import { FilesDataset } from "./files-dataset.js";
import { type TrainFields, TrainPart } from "./train-part.js";

interface FilesOptions {
  readonly path: string | readonly string[];
  readonly format?: Format;
  readonly fields?: FieldOptions;
  readonly train?: string | readonly string[] | TrainOptions;
}

interface TrainOptions {
  readonly path: string | readonly string[];
  readonly format?: Format;
  readonly fields?: TrainFields;
}

const column = (what: string) => ({ type: "string", minLength: 1, description: `Column of ${what}.` }) as const;

const filesSchema = [
  { type: "string", minLength: 1 },
  { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
] as const;
const format = {
  type: "string",
  enum: formats,
  description: "Format, where the file's name does not tell it.",
} as const;

const options: JsonSchema<FilesOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["path"],
  properties: {
    path: { description: "File or files, relative to the experiment file.", anyOf: filesSchema },
    format,
    fields: {
      type: "object",
      additionalProperties: false,
      description:
        "Names of the columns, where they are not id, instruction, messages, turns, follows, reference and tags.",
      properties: {
        id: column("the sample's id"),
        instruction: column("the instruction"),
        messages: column("the chat so far"),
        turns: column("the user's turns, each a sample that follows the one before"),
        follows: column("the id of the sample this one goes on with"),
        reference: column("the accepted references"),
        tags: {
          description: "Tag → column, or a list of columns that are tags by their own name.",
          anyOf: [
            { type: "object", additionalProperties: { type: "string", minLength: 1 } },
            { type: "array", items: { type: "string", minLength: 1 } },
          ],
        },
      },
    },
    train: {
      description:
        "Question-answer pairs beside the samples, for in-context examples: a file or files of { instruction, output }, or { path, format, fields }.",
      examples: ["./train.jsonl", { path: "./train.csv", fields: { output: "answer" } }],
      anyOf: [
        ...filesSchema,
        {
          type: "object",
          additionalProperties: false,
          required: ["path"],
          properties: {
            path: { description: "File or files, relative to the experiment file.", anyOf: filesSchema },
            format,
            fields: {
              type: "object",
              additionalProperties: false,
              description: "Names of the columns, where they are not id, instruction, output and input.",
              properties: {
                id: column("the example's id; without one, the number of its row"),
                instruction: column("the question"),
                output: column("the answer"),
                input: column("a text the question is about; rows that have one are left out"),
              },
            },
          },
        },
      ],
    },
  },
};

export default definePlugin({
  name: "@unshift/dataset-files",
  contract: "^1",
  datasets: {
    files: contribution<Dataset, FilesOptions>({
      summary: "Samples from JSON, JSONL, CSV or Parquet files.",
      options,
      example: { path: "./questions.jsonl", fields: { instruction: "prompt", tags: { topic: "category" } } },
      create: async ({ path, format: named, fields, train }, context) => {
        const open = (written: string | readonly string[], as: Format | undefined) => {
          const paths = typeof written === "string" ? [written] : written;
          return openFiles(
            paths.map((one) => context.resolvePath(one)),
            as,
            context.signal,
          );
        };
        const files = await open(path, named);
        const warn = (message: string) => context.log("warn", message);
        if (train === undefined) return new FilesDataset(files, fields, null, warn);
        const pairs = isOptions(train) ? train : { path: train };
        const part = new TrainPart(await open(pairs.path, pairs.format), pairs.fields ?? {}, context.log);
        return new FilesDataset(files, fields, part, warn);
      },
    }),
  },
});

function isOptions(train: NonNullable<FilesOptions["train"]>): train is TrainOptions {
  return typeof train === "object" && "path" in train;
}
