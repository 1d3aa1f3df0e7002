import {
  type Cleaning,
  cleanings,
  contribution,
  definePlugin,
  type JsonSchema,
  type Strategy,
} from "@unshift/contracts";
import { loadPrompt } from "./load-prompt.js";
import type { RendererName } from "./renderer.js";
import { urialStrategy } from "./urial-strategy.js";

interface UrialOptions {
  readonly prompt: string;
  readonly renderer?: RendererName | "auto";
  readonly cleaning?: Cleaning;
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
        "builtin:k0, builtin:k1, builtin:k3, builtin:k8, or a prompt file (the paper's, or one's own) relative to the experiment file.",
      examples: ["builtin:k0", "builtin:k1", "builtin:k3", "builtin:k8", "./inst_1k_v4.txt"],
    },
    renderer: {
      type: "string",
      enum: ["auto", "legacy", "unified", "roles"],
      default: "auto",
      description:
        "How the chat is written behind the file: legacy (fences directly around a query), unified (fences on lines of their own), roles (# User: and # Assistant:, no fences); auto follows the file.",
    },
    cleaning: {
      type: "string",
      enum: cleanings,
      default: "exact",
      description:
        'exact: the answer ends at its closing fence or the next heading. urial-compat: as the paper\'s released code, which loses code fences and cuts at "Query" anywhere; to compare with published answers.',
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
      create: async ({ prompt: name, renderer = "auto", cleaning = "exact" }, context) => {
        const loaded = await loadPrompt(name, renderer, context);
        return urialStrategy({ ...loaded, name, cleaning });
      },
    }),
  },
});
