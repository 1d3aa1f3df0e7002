import type { JsonObject, JsonSchema } from "@unshift/contracts";
import { type BatchOptions, batchSchema } from "./batch/batch-options.js";

/** Options of an OpenAI-compatible chat endpoint, with the defaults of {@link endpointOptions} applied. */
export interface EndpointOptions {
  readonly model: string;
  readonly baseURL: string;
  readonly apiKey?: string;
  readonly organization?: string;
  readonly concurrency: number;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxRetryAfterSeconds: number;
  readonly schema: "auto" | "always" | "never";
  readonly tokensField: "auto" | TokensField;
  readonly extra: JsonObject;
  readonly batch: boolean | Partial<BatchOptions>;
}

/** What an endpoint calls the most tokens a reply may have. */
export type TokensField = "max_tokens" | "max_completion_tokens";

/** Fields that the request of a judge fills; `extra` may not. */
const ownFields = [
  "model",
  "messages",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "response_format",
  "stream",
  "n",
];

const perMinute = (what: string) => ({
  type: ["integer", "null"],
  minimum: 1,
  default: null,
  description: `Most ${what} in any 60 seconds. null: no limit.`,
});

export const endpointOptions: JsonSchema<EndpointOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["model"],
  properties: {
    model: { type: "string", minLength: 1, description: "The model, as the endpoint calls it." },
    baseURL: {
      type: "string",
      minLength: 1,
      default: "https://api.openai.com/v1",
      description: "Address of the API up to, and without, `/chat/completions`.",
    },
    apiKey: {
      type: "string",
      minLength: 1,
      writeOnly: true,
      description: "The key, as the name of an environment variable: `${OPENAI_API_KEY}`. Absent: no key is sent.",
    },
    organization: {
      type: "string",
      minLength: 1,
      description: "The organization that is charged, where a key has several.",
    },
    concurrency: {
      type: "integer",
      minimum: 1,
      maximum: 1000,
      default: 8,
      description: "Requests that may be under way at once.",
    },
    requestsPerMinute: perMinute("requests, repeated ones included,"),
    tokensPerMinute: perMinute("tokens, read and written,"),
    timeoutSeconds: {
      type: "number",
      exclusiveMinimum: 0,
      // Node's fetch gives up on its own after 300 seconds without headers.
      maximum: 300,
      default: 120,
      description: "Longest time for one whole reply; then the request is repeated.",
    },
    retries: {
      type: "integer",
      minimum: 0,
      maximum: 100,
      default: 5,
      description: "How often one request is repeated after a fault that may pass.",
    },
    maxRetryAfterSeconds: {
      type: "number",
      minimum: 0,
      default: 120,
      description: "Longest wait the endpoint may ask for; at a longer one judging stops and can be continued later.",
    },
    schema: {
      enum: ["auto", "always", "never"],
      default: "auto",
      description:
        "Whether replies are held to the judge's JSON Schema by `response_format`. auto: where the endpoint takes it.",
    },
    tokensField: {
      enum: ["auto", "max_tokens", "max_completion_tokens"],
      default: "auto",
      description: "How the endpoint calls the longest reply. auto: max_tokens, and the other where that is refused.",
    },
    extra: {
      type: "object",
      propertyNames: { not: { enum: ownFields } },
      default: {},
      description: "Further fields of every request, such as `seed` or `reasoning_effort`.",
    },
    batch: batchSchema,
  },
};
