import { contribution, definePlugin, type JudgeEngine } from "@unshift/contracts";
import { type EndpointOptions, endpointOptions } from "./endpoint-options.js";

export default definePlugin({
  name: "@unshift/judge-engine-openai",
  contract: "^1",
  judgeEngines: {
    openai: contribution<JudgeEngine, EndpointOptions>({
      summary: "Any OpenAI-compatible chat endpoint, far away or on this machine.",
      options: endpointOptions,
      example: {
        model: "gpt-4o-mini",
        baseURL: "https://api.openai.com/v1",
        apiKey: "${OPENAI_API_KEY}",
        concurrency: 8,
        requestsPerMinute: 500,
        tokensPerMinute: null,
        timeoutSeconds: 120,
        retries: 5,
        maxRetryAfterSeconds: 120,
        schema: "auto",
        tokensField: "auto",
        extra: { seed: 1 },
        batch: { maxRequests: 50_000, window: "24h", pollSeconds: 60, maxWaitMinutes: null },
      },
      // The SDK takes a moment to load; a command that asks nobody does without.
      create: async (options, context) =>
        (await import("./create-endpoint-engine.js")).createEndpointEngine(options, context),
    }),
  },
});
