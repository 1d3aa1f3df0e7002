import type { JsonSchema } from "@unshift/contracts";
import { type AppliesTo, appliesToProperty } from "../applies-to.js";
import { type AskingOptions, askingProperties, templateProperty } from "../asking-options.js";

export interface RubricAspect {
  readonly id: string;
  readonly title?: string;
  readonly question: string;
  readonly meaning?: string;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  readonly choices?: readonly { readonly label: string; readonly score: number }[];
}

export interface RubricOptions extends AskingOptions {
  readonly aspects: readonly RubricAspect[];
  readonly instructions?: string;
  readonly appliesTo?: AppliesTo;
  readonly showReference?: boolean;
  readonly notApplicable?: "refuse" | "exclude";
  readonly template?: string;
}

const text = (description: string) => ({ type: "string", minLength: 1, description }) as const;

export const rubricOptions: JsonSchema<RubricOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["aspects"],
  properties: {
    aspects: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["id", "question"],
        properties: {
          id: { type: "string", pattern: "^[A-Za-z][A-Za-z0-9_-]*$", description: "Key in the reply and in tables." },
          title: text("Heading of its column. Default: the id."),
          question: text("What is asked of the answer, and what the ends of the scale stand for."),
          meaning: text("What the mean is, as tables say it. Default: mean score, with the scale."),
          min: { type: "number", description: "Lowest score. Default 1." },
          max: { type: "number", description: "Highest score. Default 5." },
          whole: { type: "boolean", description: "Only whole numbers. Default true." },
          choices: {
            type: "array",
            minItems: 2,
            items: {
              type: "object",
              additionalProperties: false,
              required: ["label", "score"],
              properties: { label: text("The word."), score: { type: "number", description: "What it is worth." } },
            },
            description: "Words to choose from in place of numbers.",
          },
        },
      },
      description:
        "What is asked of an answer: by numbers from `min` to `max`, or by `choices` that are worth a score each.",
    },
    instructions: text("What else the judge is to heed."),
    appliesTo: appliesToProperty,
    showReference: {
      type: "boolean",
      default: false,
      description: "Show the judge the sample's references: statements one of which a right answer holds.",
    },
    notApplicable: {
      type: "string",
      enum: ["refuse", "exclude"],
      default: "refuse",
      description:
        '`exclude`: the judge may say "N/A", and the aspect has no score then. `refuse`: such a reply is not read.',
    },
    template: {
      ...templateProperty,
      description: `${templateProperty.description} Placeholders {{instruction}}, {{output}} and others.`,
    },
    ...askingProperties,
  },
};
