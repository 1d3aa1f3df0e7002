import type { JsonObject } from "@unshift/contracts";

/** How requests are put together in batches. */
export interface BatchOptions {
  readonly maxRequests: number;
  /** `completion_window`: how long the endpoint may take. */
  readonly window: string;
  readonly pollSeconds: number;
  /** null: until they end. */
  readonly maxWaitMinutes: number | null;
}

const defaults: BatchOptions = { maxRequests: 50_000, window: "24h", pollSeconds: 60, maxWaitMinutes: null };

/** @returns null where requests are asked one by one */
export function batchOptionsOf(written: boolean | Partial<BatchOptions>): BatchOptions | null {
  if (written === false) return null;
  return written === true ? defaults : { ...defaults, ...written };
}

export const batchSchema: JsonObject = {
  default: false,
  description:
    "Put requests together in batches (`/files`, `/batches`), which cost less and take longer. true: with the defaults of the map.",
  anyOf: [
    { type: "boolean" },
    {
      type: "object",
      additionalProperties: false,
      properties: {
        maxRequests: {
          type: "integer",
          minimum: 1,
          maximum: 50_000,
          description: "Most requests of one batch; more make several. Default 50000.",
        },
        window: {
          type: "string",
          pattern: "^[1-9][0-9]*[hd]$",
          description: "Time the endpoint may take for a batch, as it calls it. Default 24h.",
        },
        pollSeconds: {
          type: "number",
          exclusiveMinimum: 0,
          description: "Longest time between two looks at a batch; the first looks come sooner. Default 60.",
        },
        maxWaitMinutes: {
          type: ["number", "null"],
          minimum: 0,
          description: "Longest wait of one sitting; the same command waits on. Default null: until the batches end.",
        },
      },
    },
  ],
};
