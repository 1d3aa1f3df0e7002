import { contribution, definePlugin, type Strategy } from "@unshift/contracts";
import { zeroShotStrategy } from "./zero-shot-strategy.js";

export default definePlugin({
  name: "@unshift/strategy-zero-shot",
  contract: "^1",
  strategies: {
    "zero-shot": contribution<Strategy, never>({
      summary: "The question between fences, no system prompt, no examples (the paper's zero-shot template).",
      create: () => zeroShotStrategy,
    }),
  },
});
