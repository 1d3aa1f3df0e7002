import { contribution, definePlugin, type JsonSchema, type Strategy } from "@unshift/contracts";
import { ChatStrategy } from "./chat-strategy.js";
import { templateNames } from "./named-templates.js";
import { chosenTemplate } from "./template-source.js";

interface ChatOptions {
  readonly template?: string;
  readonly system?: string;
  readonly date?: string;
}

const options: JsonSchema<ChatOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    template: {
      anyOf: [{ enum: templateNames }, { type: "string", minLength: 1 }],
      description:
        "Chat format for a model whose file carries no template, or in place of its own: a name, the path of a Jinja file relative to the experiment file (./chat.jinja), or Jinja text.",
      examples: ["mistral", "./chat.jinja"],
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
      summary: "The model's own chat template, a named one, or one's own.",
      options,
      example: { template: "mistral", system: "Answer briefly." },
      create: async ({ template, system, date }, context) =>
        new ChatStrategy({
          template: template === undefined ? null : await chosenTemplate(template, context),
          system,
          date,
        }),
    }),
  },
});
