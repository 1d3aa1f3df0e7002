import type { JsonSchema } from "@unshift/contracts";
import { type AskingOptions, askingProperties, templateProperty } from "../asking-options.js";

export interface MtBenchOptions extends AskingOptions {
  readonly references?: string;
  readonly referenceFor?: readonly string[];
  readonly template?: string;
}

/** Categories whose answers are right or wrong. */
export const referenceCategories = ["math", "reasoning", "coding"];

export const mtBenchOptions: JsonSchema<MtBenchOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    references: {
      type: "string",
      minLength: 1,
      description:
        "Reference answers as FastChat has them, one line a question: {question_id, choices: [{turns: [text, …]}]}; relative to the experiment file.",
    },
    referenceFor: {
      type: "array",
      items: { type: "string" },
      default: referenceCategories,
      description: "Values of the tag `category` whose questions are graded beside their reference answer.",
    },
    template: {
      ...templateProperty,
      description: `${templateProperty.description} Placeholders {{chat}} or {{question}}, {{answer}}, {{references}} and others.`,
    },
    ...askingProperties,
  },
};
