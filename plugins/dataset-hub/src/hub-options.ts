import type { JsonSchema } from "@unshift/contracts";

import type { FieldOptions } from "./field-sample.js";
import { revision, text } from "./named-options.js";
import type { TrainFields } from "./train-rows.js";

/** Options of any dataset of the hub. */
export interface HubDatasetOptions {
  readonly repo: string;
  readonly config?: string;
  readonly split?: string;
  readonly files?: readonly string[];
  readonly revision: string;
  readonly fields?: FieldOptions;
  readonly train?: {
    readonly config?: string;
    readonly split?: string;
    readonly files?: readonly string[];
    readonly fields?: TrainFields;
  };
}

const files = {
  type: "array",
  items: { type: "string", minLength: 1 },
  minItems: 1,
  description: "Files of the repository (JSONL or Parquet), in place of config and split.",
} as const;
const column = (what: string) => text(`Column of ${what}.`);
export const hubOptions: JsonSchema<HubDatasetOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["repo"],
  properties: {
    repo: { type: "string", pattern: "^[^/\\s]+/[^/\\s]+$", description: "OWNER/NAME of the dataset." },
    config: text("Configuration, a word in the files' paths. Default: any."),
    split: text("Split, a word in the files' paths. Default: test; where `train` is given, none: a train part alone."),
    files,
    revision,
    fields: {
      type: "object",
      additionalProperties: false,
      description: "Names of the columns. Without `id`, a sample's id is the number of its row.",
      properties: {
        id: column("the sample's id"),
        instruction: { ...column("the instruction"), default: "instruction" },
        messages: column("the chat so far, in place of an instruction"),
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
      type: "object",
      additionalProperties: false,
      description: "Question-answer pairs of the same repository, for in-context examples.",
      properties: {
        config: text("Configuration, as above. Default: any."),
        split: { ...text("Split, as above."), default: "train" },
        files,
        fields: {
          type: "object",
          additionalProperties: false,
          description: "Names of the columns. Without `id`, an example's id is the number of its row.",
          properties: {
            id: column("the example's id"),
            instruction: { ...column("the question"), default: "instruction" },
            output: { ...column("the answer"), default: "output" },
            input: { ...column("a text the question is about; rows that have one are left out"), default: "input" },
            messages: column("a chat, in place of question and answer: its first question and the answer to it"),
          },
        },
      },
    },
  },
};
