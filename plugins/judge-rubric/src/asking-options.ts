import { type RecordedOptions, recordedProperties } from "./recorded/with-recorded.js";

/** Options of every judge here. */
export interface AskingOptions extends RecordedOptions {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly maxWords?: number;
  readonly constrain?: boolean;
}

export const askingProperties = {
  maxTokens: {
    type: "integer",
    minimum: 1,
    default: 1024,
    description: "Most tokens of a reply. One that is cut off before its scores is not read.",
  },
  temperature: { type: "number", minimum: 0, default: 0, description: "Temperature of the judge model; 0 is greedy." },
  maxWords: {
    type: "integer",
    minimum: 1,
    description: "Show the judge only the first words of an answer, and say that it is cut. Default: all of it.",
  },
  constrain: {
    type: "boolean",
    description:
      "Send the JSON schema of the reply along, so that an engine that can holds the model to it. Default: yes, but not with a template, which asks for a form of its own.",
  },
  ...recordedProperties,
} as const;

export const templateProperty = {
  type: "string",
  minLength: 1,
  description: "A file with a prompt of your own in place of the built-in one, relative to the experiment file.",
} as const;
