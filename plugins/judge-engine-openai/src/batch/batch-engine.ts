import { setMaxListeners } from "node:events";
import type { JudgeEngine, JudgeReply, JudgeRequest, KeyedRequest, ManyHost } from "@unshift/contracts";
import type { Dialect } from "../dialect.js";
import type { EndpointCalls } from "../endpoint-calls.js";
import { BatchApi, type Patience } from "./batch-api.js";
import type { BatchOptions } from "./batch-options.js";
import { BatchSitting } from "./batch-sitting.js";

export interface BatchParts {
  readonly options: BatchOptions;
  readonly calls: EndpointCalls;
  readonly dialect: Dialect;
  readonly patience: Patience;
  /** Wait before the second look at a batch; longer from look to look. */
  readonly firstPollMs: number;
  log(level: "info" | "warn", message: string): void;
}

/** An endpoint that is asked in batches. A single request is asked as ever. */
export class BatchEngine implements JudgeEngine {
  readonly identity: string;
  readonly concurrency: number;
  readonly prices = null;

  constructor(
    private readonly single: JudgeEngine,
    private readonly parts: BatchParts,
  ) {
    this.identity = single.identity;
    this.concurrency = single.concurrency;
  }

  ask(request: JudgeRequest, options: { readonly signal: AbortSignal; readonly repeat: number }): Promise<JudgeReply> {
    return this.single.ask(request, options);
  }

  async askMany(requests: readonly KeyedRequest[], host: ManyHost): Promise<void> {
    // Every batch listens: more than the ten from which on Node suspects a leak.
    setMaxListeners(0, host.signal);
    const api = new BatchApi(this.parts.calls, this.parts.patience, host.signal);
    await new BatchSitting(this.parts, api, requests, host).run();
  }
}
