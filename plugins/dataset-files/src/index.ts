import { contribution, type Dataset, definePlugin, type JsonSchema } from "@unshift/contracts";
import type { FieldOptions } from "./fields.js";
import { FilesDataset, type Format, formats } from "./files-dataset.js";

interface FilesOptions {
  readonly path: string | readonly string[];
  readonly format?: Format;
  readonly fields?: FieldOptions;
}

const column = (what: string) => ({ type: "string", minLength: 1, description: `Column of ${what}.` }) as const;

const options: JsonSchema<FilesOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["path"],
  properties: {
    path: {
      description: "File or files, relative to the experiment file.",
      anyOf: [
        { type: "string", minLength: 1 },
        { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
      ],
    },
    format: { type: "string", enum: formats, description: "Format, where the file's name does not tell it." },
    fields: {
      type: "object",
      additionalProperties: false,
      description: "Names of the columns, where they are not id, instruction, messages, reference and tags.",
      properties: {
        id: column("the sample's id"),
        instruction: column("the instruction"),
        messages: column("the chat so far"),
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
      create: ({ path, format, fields }, context) => {
        const paths = (typeof path === "string" ? [path] : path).map((one) => context.resolvePath(one));
        return FilesDataset.open(paths, format, fields, context.signal);
      },
    }),
  },
});
