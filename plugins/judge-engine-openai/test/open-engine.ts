import {
  isUnshiftError,
  type JudgeEngine,
  type JudgeReply,
  type JudgeRequest,
  type UnshiftError,
} from "@unshift/contracts";
import { validateOptions } from "@unshift/testkit";
import type { ExecutionContext } from "ava";
import { createEndpointEngine, type EngineTimes } from "../src/create-endpoint-engine.js";
import { type EndpointOptions, endpointOptions } from "../src/endpoint-options.js";

export interface OpenEngine {
  readonly engine: JudgeEngine;
  readonly log: readonly string[];
  ask(request?: Partial<JudgeRequest>, signal?: AbortSignal, repeat?: number): Promise<JudgeReply>;
  /** Asks what must fail. */
  fault(t: ExecutionContext, request?: Partial<JudgeRequest>): Promise<UnshiftError>;
}

export const request: JudgeRequest = {
  id: "scores",
  messages: [{ role: "user", content: "How good is it?" }],
  maxTokens: 20,
  temperature: 0,
};

/** An engine with quick repeats; a minute of it is as long as `times` says. */
export async function openEngine(
  baseURL: string,
  written: Partial<EndpointOptions> = {},
  times: Partial<EngineTimes> = {},
): Promise<OpenEngine> {
  const options = await validateOptions<EndpointOptions>(endpointOptions, { model: "small", baseURL, ...written });
  const log: string[] = [];
  const engine = createEndpointEngine(
    options,
    { log: (level, message) => log.push(`${level} ${message}`) },
    { minuteMs: 60_000, firstDelayMs: 5, firstPollMs: 5, ...times },
  );
  const ask: OpenEngine["ask"] = (more, signal = new AbortController().signal, repeat = 0) =>
    engine.ask({ ...request, ...more }, { signal, repeat });
  return {
    engine,
    log,
    ask,
    async fault(t, more) {
      const error = await t.throwsAsync(ask(more));
      if (!isUnshiftError(error)) throw new Error(`a coded error, not ${String(error?.stack)}`);
      return error;
    },
  };
}
