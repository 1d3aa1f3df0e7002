import type { JsonSchema } from "@unshift/contracts";
import { type AppliesTo, appliesToProperty } from "../applies-to.js";
import { type AskingOptions, askingProperties, templateProperty } from "../asking-options.js";

interface PairwiseAspect {
  readonly id: string;
  readonly title?: string;
  readonly question: string;
}

export interface PairwiseOptions extends AskingOptions {
  readonly aspects?: readonly PairwiseAspect[];
  readonly orders?: "both" | "seeded";
  readonly seed?: number;
  readonly instructions?: string;
  readonly template?: string;
  readonly appliesTo?: AppliesTo;
}

export const pairwiseOptions: JsonSchema<PairwiseOptions> = {
  type: "object",
  additionalProperties: false,
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
          title: { type: "string", minLength: 1, description: "Heading of its column. Default: the id." },
          question: { type: "string", minLength: 1, description: "What decides which answer is better." },
        },
      },
      description: "What the two answers are compared by. Default: overall quality.",
    },
    orders: {
      type: "string",
      enum: ["both", "seeded"],
      default: "both",
      description:
        "`both`: asked twice, each answer once in front; a preference that changes with the order is `inconsistent`. `seeded`: asked once, in an order drawn for each sample.",
    },
    seed: { type: "integer", default: 0, description: "Of the order under `orders: seeded`." },
    instructions: { type: "string", minLength: 1, description: "What else the judge is to heed." },
    template: {
      ...templateProperty,
      description: `${templateProperty.description} Placeholders {{instruction}}, {{output_A}}, {{output_B}} and others.`,
    },
    appliesTo: appliesToProperty,
    ...askingProperties,
  },
};
