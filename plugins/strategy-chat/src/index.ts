import { contribution, definePlugin, type JsonSchema, type Strategy } from "@unshift/contracts";
import { type ChatOptions, ChatStrategy } from "./chat-strategy.js";
import { templateNames } from "./named-templates.js";

const options: JsonSchema<ChatOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    template: {
      type: "string",
      enum: templateNames,
      description: "Named chat format for a model whose file carries no template, or in place of its own.",
    },
    system: {
      type: "string",
      description: 'System message of samples that bring none; "" leaves out the default of llama-2 and vicuna.',
    },
    date: {
      type: "string",
      pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$",
      description:
        "The day a template that writes today's date gets, such as 2026-01-31; prompts never follow the clock.",
    },
  },
};

export default definePlugin({
  name: "@unshift/strategy-chat",
  contract: "^1",
  strategies: {
    chat: contribution<Strategy, ChatOptions>({
      summary: "The model's own chat template, or a named one.",
      options,
      example: { template: "mistral", system: "Answer briefly." },
      create: (chosen) => new ChatStrategy(chosen),
    }),
  },
});
