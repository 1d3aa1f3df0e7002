import { cleanings, contribution, definePlugin, type JsonSchema, type Strategy } from "@unshift/contracts";
import { type IclOptions, IclStrategy } from "./icl-strategy.js";
import { labelKinds } from "./labels.js";
import { builtinExamples, loadExamples } from "./load-examples.js";

const options: JsonSchema<IclOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    k: {
      anyOf: [{ type: "integer", minimum: 0 }, { const: "max" }],
      default: 3,
      description: "How many examples are shown: the first k of their order; max: as many as fit in tokenBudget.",
    },
    examples: {
      anyOf: [
        { type: "string", minLength: 1 },
        {
          type: "object",
          required: ["use"],
          properties: {
            use: { type: "string", minLength: 1, description: "Id of a dataset; its options stand beside." },
          },
        },
      ],
      default: builtinExamples,
      description:
        "builtin:plain (24 short answers); a JSON or JSONL file of { instruction, output } relative to the experiment file; dataset: the train part of the experiment's own dataset; or { use: ID, … }: that of another dataset, with its options.",
      examples: [builtinExamples, "./examples.jsonl", "dataset", { use: "builtin" }],
    },
    order: {
      type: "string",
      enum: ["given", "shuffled"],
      default: "given",
      description: "given: as in the file; shuffled: drawn by seed. A smaller k shows the first ones of a larger k.",
    },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 0xffff_ffff,
      default: 0,
      description: "Seed of order: shuffled and labels: random.",
    },
    labels: {
      type: "string",
      enum: labelKinds,
      default: "right",
      description:
        "Which answers the shown examples carry. right: their own; shifted: each the next one's; random: permuted by seed, none keeping its own; none: the questions alone.",
    },
    tokenBudget: {
      type: "integer",
      minimum: 1,
      description:
        "Most tokens of system text and examples together, without BOS. Default: no limit but the context; for k: max half of the context.",
    },
    system: {
      type: "string",
      description: "Plain text before the first example. Default: none, as in the paper's vanilla ICL.",
    },
    cleaning: {
      type: "string",
      enum: cleanings,
      default: "exact",
      description:
        'exact: the answer ends at its closing fence or the next heading. urial-compat: as the paper\'s released code, which loses code fences and cuts at "Query" anywhere.',
    },
  },
};

export default definePlugin({
  name: "@unshift/strategy-icl",
  contract: "^1",
  strategies: {
    icl: contribution<Strategy, IclOptions>({
      summary: "K plain examples before the question (in-context learning), up to as many as fit.",
      options,
      example: { k: 3, examples: builtinExamples, order: "given", seed: 0, labels: "right" },
      create: async (chosen, context) => new IclStrategy(chosen, await loadExamples(chosen.examples, context)),
    }),
  },
});
