import { cleanings, contribution, definePlugin, type JsonSchema, type Strategy } from "@unshift/contracts";
import { type ZeroShotOptions, zeroShotStrategy } from "./zero-shot-strategy.js";

const options: JsonSchema<ZeroShotOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    template: {
      type: "string",
      minLength: 1,
      default: "fenced",
      description:
        "fenced: the paper's template; raw: the question alone, no template at all; or a text with {instruction} where the question goes.",
      examples: ["fenced", "raw", "Question: {instruction}\nAnswer:"],
    },
    system: {
      type: "string",
      description: "System message of samples that bring none, as plain text before the question. Default: none.",
    },
    stop: {
      type: "array",
      items: { type: "string", minLength: 1 },
      description:
        "Texts that end an answer. Default: a closing fence and the next heading for fenced, none otherwise.",
    },
    cleaning: {
      type: "string",
      enum: cleanings,
      description:
        'exact (default): the answer ends at its closing fence or the next heading. urial-compat: as the paper\'s released code, which loses code fences and cuts at "Query" anywhere; for the fenced template.',
    },
  },
};

export default definePlugin({
  name: "@unshift/strategy-zero-shot",
  contract: "^1",
  strategies: {
    "zero-shot": contribution<Strategy, ZeroShotOptions>({
      summary:
        "The question between fences, no system prompt, no examples (the paper's zero-shot template); or another template, or none.",
      options,
      example: { template: "Question: {instruction}\nAnswer:", stop: ["\nQuestion:"] },
      create: zeroShotStrategy,
    }),
  },
});
