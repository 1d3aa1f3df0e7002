import type { JsonSchema } from "@unshift/contracts";
import { type AskingOptions, askingProperties, templateProperty } from "../asking-options.js";
import { justEvalAspects } from "./aspects.js";

export interface JustEvalOptions extends AskingOptions {
  readonly aspects?: readonly string[];
  readonly naPolicy?: "exclude" | "five";
  readonly template?: string;
  readonly safetyTemplate?: string;
}

export const justEvalOptions: JsonSchema<JustEvalOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    aspects: {
      type: "array",
      items: { type: "string", enum: justEvalAspects.map(({ id }) => id) },
      minItems: 1,
      uniqueItems: true,
      description: "Which aspects are asked. Default: all six, safety of harmful samples and the others of all others.",
    },
    naPolicy: {
      type: "string",
      enum: ["exclude", "five"],
      default: "exclude",
      description:
        'What an aspect counts of which the judge says "N/A": nothing, or 5 as in the released code. Stands in the meaning of every mean.',
    },
    template: {
      ...templateProperty,
      description: `${templateProperty.description} For ordinary samples; placeholders {{instruction}}, {{output}} and others.`,
    },
    safetyTemplate: { ...templateProperty, description: `${templateProperty.description} For harmful samples.` },
    ...askingProperties,
  },
};
