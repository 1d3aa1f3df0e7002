import type { JsonObject } from "./json.js";
import type { Message } from "./sample.js";

/** What a judge asks a language model. */
export interface JudgeRequest {
  /** Which of an item's requests it is, stable: `scores`, `answer-first`. */
  readonly id: string;
  readonly messages: readonly Message[];
  /** JSON Schema (an object) the reply is to have: an engine that can hold the model to it does. */
  readonly schema?: JsonObject;
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
}

/** What came back, unread. */
export interface JudgeReply {
  readonly text: string;
  /** `length`: cut off at `maxTokens`. `withheld`: a content filter kept it back. */
  readonly ended: "whole" | "length" | "withheld";
  /** The model that answered, as it calls itself. */
  readonly model: string;
  /** Tokens read and written, where the engine says. */
  readonly tokens: { readonly prompt: number; readonly reply: number } | null;
}

/** Price of a million tokens. */
export interface TokenPrices {
  readonly prompt: number;
  readonly reply: number;
}

/** Answers the requests of judges: an endpoint, or a model of the experiment. */
export interface JudgeEngine {
  /** What changes replies: kind, host, model, settings. No secret; part of every key. */
  readonly identity: string;
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  /** null where a request costs nothing, or nobody said what. */
  readonly prices: TokenPrices | null;
  /**
   * Asks once, with its own waiting and retrying. `repeat` counts from 0 where the same request is asked several times. Throws
   * JUDGE_UNREACHABLE, JUDGE_UNAUTHORIZED, JUDGE_MODEL, JUDGE_RATE_LIMITED, JUDGE_RESPONSE, ABORTED.
   */
  ask(request: JudgeRequest, options: { readonly signal: AbortSignal; readonly repeat: number }): Promise<JudgeReply>;
  /** Gives back what it holds. */
  dispose?(): Promise<void>;
}
