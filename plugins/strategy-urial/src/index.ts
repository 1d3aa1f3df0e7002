import { contribution, definePlugin, type JsonSchema, type Strategy } from "@unshift/contracts";
import { loadPrompt } from "./load-prompt.js";
import { urialStrategy } from "./urial-strategy.js";

interface UrialOptions {
  readonly prompt: string;
}

const options: JsonSchema<UrialOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    prompt: {
      type: "string",
      minLength: 1,
      default: "builtin:k3",
      description:
        "builtin:k1, builtin:k3, builtin:k8, or a prompt file of one's own, relative to the experiment file.",
      examples: ["builtin:k3", "./my-prompt.txt"],
    },
  },
};

export default definePlugin({
  name: "@unshift/strategy-urial",
  contract: "^1",
  strategies: {
    urial: contribution<Strategy, UrialOptions>({
      summary: "A system prompt and K restyled examples, the same for every question (URIAL).",
      options,
      example: { prompt: "builtin:k3" },
      create: async ({ prompt }, context) => urialStrategy(await loadPrompt(prompt, context), prompt),
    }),
  },
});
